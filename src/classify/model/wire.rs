//! How much memory a file takes once it is read, counted before it is.
//!
//! A byte of a file may become a hundred in memory: a list of empty messages, or of small
//! numbers. A file is walked through first, without anything being made of it.

/// The most memory that a file may take, in bytes.
pub(super) const MOST_MEMORY: usize = 600 << 20;

/// What an empty message, text or list takes, in bytes, about.
const MESSAGE: usize = 256;

/// How deep messages lie in each other: what may hold networks, which are not supported
/// within each other, ends sooner.
const DEEPEST: usize = 24;

/// The kinds of messages that are looked into.
#[derive(Clone, Copy)]
enum Kind {
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    /// All else: values, types, shapes, texts.
    Other,
}

impl Kind {
    /// What lies in a field.
    fn field(self, number: u64) -> Option<Self> {
        Some(match (self, number) {
            (Self::Model, 7) | (Self::Attribute, 6 | 11) => Self::Graph,
            (Self::Model, 8 | 14 | 20 | 25) => Self::Other,
            (Self::Graph, 1) => Self::Node,
            (Self::Graph, 5) | (Self::Attribute, 5 | 10) => Self::Tensor,
            (Self::Graph, 11..=15) | (Self::Attribute, 15 | 22 | 23) => Self::Other,
            (Self::Node, 5) => Self::Attribute,
            (Self::Tensor, 13) => Self::Other,
            _ => return None,
        })
    }
}

/// Whether a file takes no more memory than is allowed, and is put together as messages
/// are; what is within texts and lists of numbers is not looked at.
pub(super) fn fits(file: &[u8]) -> Option<bool> {
    let mut memory = file.len();
    walk(file, Kind::Model, 0, &mut memory)?;
    Some(memory <= MOST_MEMORY)
}

/// Adds up what a message takes; `None` when it is none.
fn walk(mut rest: &[u8], kind: Kind, depth: usize, memory: &mut usize) -> Option<()> {
    if depth > DEEPEST {
        return None;
    }
    while !rest.is_empty() {
        let tag = varint(&mut rest)?;
        match tag & 7 {
            0 => {
                varint(&mut rest)?;
                *memory += 8;
            }
            1 => skip(&mut rest, 8)?,
            2 => {
                let length = usize::try_from(varint(&mut rest)?).ok()?;
                let inside = rest.get(..length)?;
                rest = &rest[length..];
                *memory += MESSAGE;
                if let Some(kind) = kind.field(tag >> 3) {
                    walk(inside, kind, depth + 1, memory)?;
                } else if matches!(kind, Kind::Tensor | Kind::Attribute) {
                    // Small numbers take eight bytes each, once they are read.
                    let is_list = matches!(
                        (kind, tag >> 3),
                        (Kind::Tensor, 1 | 5 | 7 | 11) | (Kind::Attribute, 8)
                    );
                    *memory += if is_list { 8 * length } else { 0 };
                } else if matches!(kind, Kind::Other) {
                    // Whatever may lie within is small in files that somebody made in earnest.
                    *memory += MESSAGE / 4 * length;
                }
            }
            5 => skip(&mut rest, 4)?,
            _ => return None,
        }
        if *memory > MOST_MEMORY {
            return Some(());
        }
    }
    Some(())
}

fn skip(rest: &mut &[u8], count: usize) -> Option<()> {
    *rest = rest.get(count..)?;
    Some(())
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, others) = rest.split_first()?;
        *rest = others;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
