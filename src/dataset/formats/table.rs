//! `labels.csv`: a line per picture.

use super::Item;
use std::io::Write;

/// The first line.
pub(crate) const HEAD: &str = "file,index,label,width,height,boxes\n";

/// Appends the line of an item: its file beside the table's folder, index, label, size, and `x y width height` of each
/// digit in pixels, with `;` between digits.
pub(crate) fn append_row(item: &Item, rows: &mut Vec<u8>) {
    let (width, height) = (item.image.width(), item.image.height());
    write!(
        rows,
        "images/{:09}.png,{},{},{width},{height},",
        item.index, item.index, item.label
    )
    .expect("memory takes all");
    for (at, digit) in item.digits.iter().enumerate() {
        if at > 0 {
            rows.push(b';');
        }
        write!(rows, "{} 0 {} {height}", digit.x, digit.width).expect("memory takes all");
    }
    rows.push(b'\n');
}
