//! A document as PDF (ISO 32000), for printing and for portals that take nothing else.
//!
//! Fonts are handed in, in the order in which they are tried; what is used of them is embedded, so
//! that a name looks the same everywhere. A character that none of them has is never left out or
//! replaced by a box: then there is no file. The same document and fonts give the same bytes, and they
//! name no author, no program and no day but the one in the letter.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document as Pdf, SerializeSettings};
use parley::fontique::{Blob, Collection, CollectionOptions, SourceCache};
use parley::style::{FontFamily, FontFamilyName, FontWeight, LineHeight, StyleProperty};
use parley::{Alignment, AlignmentOptions, FontContext, Layout, LayoutContext};

use super::{Document, Row};

/// A4, in points.
const PAGE: (f32, f32) = (595.28, 841.89);
/// On each side.
const MARGIN: f32 = 62.0;
/// What most of it is written in.
const SIZE: f32 = 10.5;

/// Why there is no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotPrint {
    /// No font was handed in that can be read: choose a font file.
    NoFont,
    /// Some characters are in none of the fonts: add a font that has them, or write another form.
    NoGlyph {
        /// How many.
        characters: usize,
    },
    /// The file could not be put together: write another form.
    NotWritten,
}

impl fmt::Display for CannotPrint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFont => f.write_str("none of the font files can be read; choose another"),
            Self::NoGlyph { characters } => write!(
                f,
                "{characters} characters are in none of the fonts; add a font that has them, or write another form"
            ),
            Self::NotWritten => {
                f.write_str("the file could not be put together; write another form")
            }
        }
    }
}

impl std::error::Error for CannotPrint {}

/// Fonts, in the order in which they are tried.
#[derive(Clone)]
pub struct Fonts {
    context: FontContext,
    families: Vec<String>,
}

impl Fonts {
    /// Fonts of these files: TrueType or OpenType, one or several in a file.
    ///
    /// # Errors
    /// When none of them can be read.
    pub fn of(files: Vec<Vec<u8>>) -> Result<Self, CannotPrint> {
        let mut collection = Collection::new(CollectionOptions {
            shared: false,
            // A room without files: nothing of this machine gets into a document.
            system_fonts: false,
        });
        let mut families = Vec::new();
        for file in files {
            for (family, _) in collection.register_fonts(Blob::new(Arc::new(file)), None) {
                if let Some(name) = collection.family_name(family).map(str::to_owned)
                    && !families.contains(&name)
                {
                    families.push(name);
                }
            }
        }
        if families.is_empty() {
            return Err(CannotPrint::NoFont);
        }
        let context = FontContext {
            collection,
            source_cache: SourceCache::default(),
        };
        Ok(Self { context, families })
    }
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.families).finish()
    }
}

/// A text that is laid out, and the space before it.
struct Block {
    text: String,
    layout: Layout<()>,
    before: f32,
}

/// Where a line stands: which block, which of its lines, how far below the edge of its page.
struct Placed {
    block: usize,
    line: usize,
    below: f32,
}

/// Writes a PDF.
///
/// # Errors
/// When a character is in none of the fonts.
pub fn pdf(document: &Document, fonts: &Fonts) -> Result<Vec<u8>, CannotPrint> {
    let blocks = Setter::new(fonts).blocks(document);
    let missing: usize = blocks.iter().map(|block| missing(&block.layout)).sum();
    if missing > 0 {
        return Err(CannotPrint::NoGlyph {
            characters: missing,
        });
    }
    let pages = pages(&blocks);
    let mut setter = Setter::new(fonts);
    let mut pdf = Pdf::new_with(SerializeSettings {
        xmp_metadata: false,
        enable_tagging: false,
        ..SerializeSettings::default()
    });
    let mut faces = BTreeMap::new();
    for (number, placed) in (1..).zip(&pages) {
        let size = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or(CannotPrint::NotWritten)?;
        let mut page = pdf.start_page_with(size);
        let mut surface = page.surface();
        for place in placed {
            let block = blocks.get(place.block).ok_or(CannotPrint::NotWritten)?;
            draw(&mut surface, block, place.line, place.below, &mut faces)?;
        }
        let foot = setter.block(&format!("{number} / {}", pages.len()), 8.5, 0, 0.0);
        draw(&mut surface, &foot, 0, PAGE.1 - MARGIN / 2.0, &mut faces)?;
        surface.finish();
        page.finish();
    }
    let told = Metadata::new().language(document.language().tag().to_owned());
    pdf.set_metadata(told.title(document.title().to_owned()));
    pdf.finish().map_err(|_| CannotPrint::NotWritten)
}

/// Sets text.
struct Setter {
    fonts: FontContext,
    families: Vec<String>,
    context: LayoutContext<()>,
}

impl Setter {
    fn new(fonts: &Fonts) -> Self {
        Self {
            fonts: fonts.context.clone(),
            families: fonts.families.clone(),
            context: LayoutContext::new(),
        }
    }

    fn blocks(mut self, document: &Document) -> Vec<Block> {
        let language = document.language();
        let mut blocks = vec![self.block(document.title(), 18.0, usize::MAX, 0.0)];
        for chapter in document.chapters() {
            if !chapter.heading().is_empty() {
                blocks.push(self.block(chapter.heading(), 14.0, usize::MAX, 16.0));
            }
            for row in chapter.rows() {
                let block = match row {
                    Row::Subheading(heading) => self.block(heading, 11.5, usize::MAX, 9.0),
                    Row::Paragraph(passage) => self.block(&passage.reading(language), SIZE, 0, 6.0),
                    Row::Answer { question, answer } => {
                        let asked = language.asked(question);
                        let text = format!("{asked}{}", answer.reading(language));
                        self.block(&text, SIZE, asked.len(), 4.0)
                    }
                };
                blocks.push(block);
            }
        }
        blocks
    }

    /// A text of a size, the first bytes of it strong where the fonts have such a face.
    fn block(&mut self, text: &str, size: f32, strong: usize, before: f32) -> Block {
        // Where a line ends is for the layout to know, and a tabulator has no glyph.
        let text = text.replace("\r\n", "\n").replace('\t', "    ");
        let families = self.families.iter();
        let families = families.map(|name| FontFamilyName::Named(Cow::Owned(name.clone())));
        let families: Vec<FontFamilyName<'_>> = families.collect();
        let mut builder = self
            .context
            .ranged_builder(&mut self.fonts, &text, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::List(families.into())));
        builder.push_default(StyleProperty::FontSize(size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(
            1.35,
        )));
        let strong = strong.min(text.len());
        if strong > 0 {
            builder.push(StyleProperty::FontWeight(FontWeight::BOLD), 0..strong);
        }
        let mut layout: Layout<()> = builder.build(&text);
        layout.break_all_lines(Some(PAGE.0 - 2.0 * MARGIN));
        layout.align(Alignment::Start, AlignmentOptions::default());
        Block {
            text,
            layout,
            before,
        }
    }
}

/// How many characters none of the fonts has.
fn missing(layout: &Layout<()>) -> usize {
    let runs = layout.lines().flat_map(|line| line.runs());
    let clusters = runs.flat_map(|run| run.clusters());
    clusters
        .filter(|cluster| !cluster.is_hard_line_break())
        .filter(|cluster| cluster.glyphs().any(|glyph| glyph.id == 0))
        .count()
}

/// Which lines stand on which page.
fn pages(blocks: &[Block]) -> Vec<Vec<Placed>> {
    let mut pages = vec![Vec::new()];
    let mut below = MARGIN;
    for (number, block) in blocks.iter().enumerate() {
        below += block.before;
        for (place, line) in block.layout.lines().enumerate() {
            let height = line.metrics().line_height;
            if below + height > PAGE.1 - MARGIN {
                pages.push(Vec::new());
                below = MARGIN;
            }
            if let Some(page) = pages.last_mut() {
                page.push(Placed {
                    block: number,
                    line: place,
                    below: below + height * 0.75,
                });
            }
            below += height;
        }
    }
    pages
}

fn draw(
    surface: &mut krilla::surface::Surface<'_>,
    block: &Block,
    line: usize,
    below: f32,
    faces: &mut BTreeMap<(u64, u32), Font>,
) -> Result<(), CannotPrint> {
    let line = block.layout.get(line).ok_or(CannotPrint::NotWritten)?;
    let mut right = MARGIN + line.metrics().offset;
    for run in line.runs() {
        let data = run.font();
        let face = (data.data.id(), data.index);
        let font = match faces.get(&face) {
            Some(font) => font.clone(),
            None => {
                let bytes = data.data.data().to_vec();
                let font = Font::new(bytes.into(), data.index).ok_or(CannotPrint::NoFont)?;
                faces.insert(face, font.clone());
                font
            }
        };
        let size = run.font_size();
        let begins = right;
        let mut glyphs: Vec<KrillaGlyph> = Vec::new();
        for cluster in run.visual_clusters() {
            let stands_for = cluster.text_range();
            if cluster.is_ligature_continuation() {
                // What stands for several letters is copied as all of them.
                if let Some(glyph) = glyphs.last_mut() {
                    glyph.text_range.start = glyph.text_range.start.min(stands_for.start);
                    glyph.text_range.end = glyph.text_range.end.max(stands_for.end);
                }
                continue;
            }
            for glyph in cluster.glyphs() {
                glyphs.push(KrillaGlyph::new(
                    GlyphId::new(glyph.id),
                    glyph.advance / size,
                    glyph.x / size,
                    glyph.y / size,
                    0.0,
                    stands_for.clone(),
                    None,
                ));
                right += glyph.advance;
            }
        }
        let from = Point::from_xy(begins, below);
        surface.draw_glyphs(from, &glyphs, font, &block.text, size, false);
    }
    Ok(())
}
