//! The server the relay is compared with: same runtime, same HTTP library, same threads; it reads
//! the whole body, throws it away and answers a `201` as long as a receipt.

use std::convert::Infallible;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;

use crate::broken::{Try, While};

/// Listens on a free port of loopback, says which, and serves until it is killed.
pub(crate) fn serve(threads: &str) -> Try<()> {
    let threads: usize = threads
        .parse()
        .doing(|| "reading the number of threads".to_owned())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.max(1))
        .enable_all()
        .build()
        .doing(|| "starting the runtime".to_owned())?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .doing(|| "listening".to_owned())?;
        let address = listener.local_addr().doing(|| "listening".to_owned())?;
        println!("listening on http://{address}");
        loop {
            let (stream, _) = listener.accept().await.doing(|| "accepting".to_owned())?;
            stream.set_nodelay(true).doing(|| "accepting".to_owned())?;
            tokio::spawn(async move {
                let connection = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service_fn(answer));
                // A client that leaves is no news.
                let _left = connection.await;
            });
        }
    })
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    const RECEIPT: [u8; envelope::RECEIPT_BYTES] = [7; envelope::RECEIPT_BYTES];
    // A body that was cut is answered alike: nobody reads the answer.
    let _thrown_away = request.into_body().collect().await;
    let mut response = Response::new(Full::new(Bytes::from_static(&RECEIPT)));
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}
