import { browse, text, visible, click, seen } from "./browser.mjs";
import http from "node:http";
const s = http.createServer((q,r)=>{r.setHeader("content-type","text/html");r.end("<!doctype html><html lang=en><title>x</title><noscript><p id=n>no script</p></noscript><p id=s hidden>script</p><form><input id=a name=a><button id=b>ok</button></form><script>document.getElementById('s').hidden=false</script>"+q.url)}).listen(0);
await new Promise(d=>s.on("listening",d));
const a=`http://127.0.0.1:${s.address().port}/`;
for (const n of ["chromium","firefox"]) for (const script of [true,false]) {
  const t=Date.now();
  const b = await browse(n,{script});
  try {
  const p = await b.page(a);
  console.log(n, script, "noscript", await visible(p,"#n").catch(e=>String(e)), "script", await visible(p,"#s").catch(e=>String(e)));
  await p.focus("#a"); await p.keyboard.type("hello"); await click(p,"#b"); console.log(await seen(p,"body",/a=hello/,5000).catch(String));
  } catch(e){console.log(n,script,String(e))}
  await b.close(); console.log(Date.now()-t,"ms");
}
s.close();
