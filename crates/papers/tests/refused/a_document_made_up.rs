//! A document has no other maker, and nobody writes into one.
use papers::documents::{Document, DocumentLanguage};

fn made_up() -> Document {
    Document {
        language: DocumentLanguage::English,
        title: String::new(),
        chapters: Vec::new(),
    }
}

fn main() {
    let _ = made_up();
}
