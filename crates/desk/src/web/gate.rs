//! The door of the local pages. Any program on the machine, and any page in the browser, can reach
//! a port on loopback; only the browser that opened the one-time link comes in.
//!
//! - The link's token works once; what follows hangs on a cookie that no script reads and no other
//!   site sends.
//! - `Host` must be exactly the address the desk listens on, so that a name that was pointed at
//!   loopback (DNS rebinding) finds nothing.
//! - A change needs a POST from the desk's own pages: `Origin`, `Sec-Fetch-Site` and a token in
//!   the form must each say so.
//! - Whoever fails gets one answer: a bare 404.

use rand_core::Rng;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::asked::{Asked, Fields};
use crate::hex;

type Token = Zeroizing<String>;

/// The door.
pub(crate) struct Gate {
    /// `127.0.0.1:PORT`, as the browser must say it.
    host: String,
    cookie_name: String,
    link: Option<Token>,
    sessions: Vec<Session>,
}

/// A browser that came in by a link.
pub(crate) struct Session {
    id: Token,
    /// Stands in every form.
    pub(crate) form_token: Token,
    /// What the last change said, shown once.
    pub(crate) said: Option<Said>,
}

/// What a change said.
#[derive(Clone)]
pub(crate) struct Said {
    pub(crate) good: bool,
    pub(crate) text: String,
}

/// Who may pass.
pub(crate) enum Passage {
    /// Nobody we know.
    Nobody,
    /// The one-time link was opened: this cookie is to be set.
    Enters { cookie: String },
    /// A browser that is known; the number of its session.
    Known(usize),
}

fn token(rng: &mut impl Rng) -> Token {
    let mut bytes = Zeroizing::new([0; 32]);
    rng.fill_bytes(bytes.as_mut());
    Zeroizing::new(hex::show(bytes.as_ref()))
}

fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && bool::from(one.as_bytes().ct_eq(other.as_bytes()))
}

impl Gate {
    pub(crate) fn new(host: String) -> Self {
        // A cookie knows no port: two desks on one machine must not overwrite each other's.
        let port = host.rsplit(':').next().unwrap_or_default();
        Self {
            cookie_name: format!("temoin-desk-{port}"),
            host,
            link: None,
            sessions: Vec::new(),
        }
    }

    /// Draws a link. One that was drawn before and not used no longer works.
    pub(crate) fn new_link(&mut self, rng: &mut impl Rng) -> String {
        let link = token(rng);
        let address = format!("http://{}/?link={}", self.host, link.as_str());
        self.link = Some(link);
        address
    }

    /// Decides who may pass, from the headers alone.
    pub(crate) fn pass(&mut self, asked: &Asked, rng: &mut impl Rng) -> Passage {
        if asked.host.as_deref() != Some(self.host.as_str()) {
            return Passage::Nobody;
        }
        // Browsers that do not say it are held by the cookie's SameSite and by the form's token.
        if let Some(site) = asked.fetch_site.as_deref()
            && !matches!(site, "same-origin" | "none")
        {
            return Passage::Nobody;
        }
        if let Some(typed) = asked.query.strip_prefix("link=")
            && asked.method == "GET"
            && asked.path == "/"
        {
            return self.enter(typed, rng);
        }
        let known = asked.cookie(&self.cookie_name).and_then(|cookie| {
            self.sessions
                .iter()
                .position(|session| same(&session.id, cookie))
        });
        match known {
            Some(session) => Passage::Known(session),
            None => Passage::Nobody,
        }
    }

    fn enter(&mut self, typed: &str, rng: &mut impl Rng) -> Passage {
        match self.link.take() {
            Some(link) if same(&link, typed) => {
                let session = Session {
                    id: token(rng),
                    form_token: token(rng),
                    said: None,
                };
                let cookie = format!(
                    "{}={}; Path=/; HttpOnly; SameSite=Strict",
                    self.cookie_name,
                    session.id.as_str()
                );
                self.sessions.push(session);
                Passage::Enters { cookie }
            }
            // A wrong guess does not use the link up.
            kept => {
                self.link = kept;
                Passage::Nobody
            }
        }
    }

    /// What was to be said is of the open desk: a locked one says nothing.
    pub(crate) fn forget_said(&mut self) {
        for session in &mut self.sessions {
            session.said = None;
        }
    }

    /// Whether a change comes from our own page.
    pub(crate) fn may_change(&self, session: usize, asked: &Asked, fields: &Fields) -> bool {
        self.is_from_here(asked)
            && self
                .sessions
                .get(session)
                .is_some_and(|session| same(&session.form_token, fields.text("token")))
    }

    /// Whether a page of ours asks. Every browser sends an origin with a POST; what does not must not
    /// change anything.
    pub(crate) fn is_from_here(&self, asked: &Asked) -> bool {
        let own = format!("http://{}", self.host);
        asked.origin.as_deref() == Some(own.as_str())
    }

    pub(crate) fn session(&mut self, session: usize) -> Option<&mut Session> {
        self.sessions.get_mut(session)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use rand_core::SeedableRng;

    const HOST: &str = "127.0.0.1:4711";

    fn rng() -> rand_chacha::ChaCha20Rng {
        rand_chacha::ChaCha20Rng::seed_from_u64(1)
    }

    fn get(path: &str, query: &str) -> Asked {
        Asked {
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            host: Some(HOST.to_owned()),
            ..Asked::default()
        }
    }

    /// A gate, and a request of the browser that came in.
    fn entered() -> (Gate, Asked) {
        let mut gate = Gate::new(HOST.to_owned());
        let link = gate.new_link(&mut rng());
        let query = link.split_once('?').unwrap().1.to_owned();
        let Passage::Enters { cookie } = gate.pass(&get("/", &query), &mut rng()) else {
            panic!("the link does not open");
        };
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
        let mut asked = get("/", "");
        asked.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        (gate, asked)
    }

    fn passes(gate: &mut Gate, asked: &Asked) -> bool {
        !matches!(gate.pass(asked, &mut rng()), Passage::Nobody)
    }

    #[test]
    fn a_link_opens_once() {
        let mut gate = Gate::new(HOST.to_owned());
        let link = gate.new_link(&mut rng());
        let query = link.split_once('?').unwrap().1.to_owned();
        assert!(!passes(&mut gate, &get("/", "link=0000")));
        assert!(!passes(&mut gate, &get("/case/1", &query)));
        assert!(passes(&mut gate, &get("/", &query)));
        assert!(!passes(&mut gate, &get("/", &query)));
    }

    #[test]
    fn without_the_cookie_nothing_is_found() {
        let (mut gate, asked) = entered();
        assert!(passes(&mut gate, &asked));
        for cookie in [
            None,
            Some(""),
            Some("temoin-desk-4711="),
            Some("temoin-desk-4711=0"),
        ] {
            let asked = Asked {
                cookie: cookie.map(str::to_owned),
                ..asked.clone()
            };
            assert!(!passes(&mut gate, &asked), "{cookie:?}");
        }
    }

    #[test]
    fn a_name_pointed_at_loopback_finds_nothing() {
        let (mut gate, asked) = entered();
        for host in [
            None,
            Some("attacker.example"),
            Some("attacker.example:4711"),
            Some("localhost:4711"),
            Some("127.0.0.1"),
            Some("127.0.0.1:80"),
            Some("127.0.0.1:4711.attacker.example"),
            Some("[::1]:4711"),
        ] {
            let asked = Asked {
                host: host.map(str::to_owned),
                ..asked.clone()
            };
            assert!(!passes(&mut gate, &asked), "{host:?}");
        }
    }

    #[test]
    fn another_site_in_the_same_browser_finds_nothing() {
        let (mut gate, asked) = entered();
        for (site, fine) in [
            ("same-origin", true),
            ("none", true),
            ("same-site", false),
            ("cross-site", false),
            ("", false),
        ] {
            let asked = Asked {
                fetch_site: Some(site.to_owned()),
                ..asked.clone()
            };
            assert_eq!(passes(&mut gate, &asked), fine, "{site}");
        }
    }

    #[test]
    fn a_change_needs_our_origin_and_the_token_of_the_form() {
        let (mut gate, mut asked) = entered();
        let Passage::Known(session) = gate.pass(&asked, &mut rng()) else {
            panic!("known");
        };
        let token = gate.session(session).unwrap().form_token.to_string();
        let good = Fields::read(format!("token={token}").as_bytes());
        asked.method = "POST".to_owned();
        for (origin, fields, fine) in [
            (Some("http://127.0.0.1:4711"), &good, true),
            (Some("http://attacker.example"), &good, false),
            (Some("http://127.0.0.1:4712"), &good, false),
            (Some("https://127.0.0.1:4711"), &good, false),
            (Some("null"), &good, false),
            (None, &good, false),
            (Some("http://127.0.0.1:4711"), &Fields::default(), false),
            (
                Some("http://127.0.0.1:4711"),
                &Fields::read(b"token=00"),
                false,
            ),
        ] {
            let asked = Asked {
                origin: origin.map(str::to_owned),
                ..asked.clone()
            };
            assert_eq!(gate.may_change(session, &asked, fields), fine, "{origin:?}");
        }
    }
}
