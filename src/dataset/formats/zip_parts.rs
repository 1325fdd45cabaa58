//! The parts of a zip file, one by one: a library would hold all entries in memory, and could not go on after an
//! interruption.
//!
//! Source: PKWARE's APPNOTE.TXT 6.3.10. Entries are stored as they are, without dates: 1980-01-01, where the format begins.
//! What does not fit 32 bits is written as Zip64 has it, and only that.

/// What goes into a field of 32 bits when the number stands in the Zip64 field.
const BEYOND: u32 = u32::MAX;

/// 1980-01-01 as MS-DOS writes it.
const DATE: u16 = 1 << 5 | 1;

/// A regular file that everybody may read and its owner may write, as Unix has it.
const MODE: u32 = 0o100_644 << 16;

/// Version 4.5 of the format, made on Unix.
const MADE_BY: u16 = 3 << 8 | 45;

/// That CRC and sizes follow the content.
const FLAG_DESCRIPTOR: u16 = 1 << 3;

/// A file in a zip file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ZipEntry<'a> {
    /// Its path: plain ASCII, with `/` between folders.
    pub(crate) name: &'a str,
    /// CRC-32 of its content.
    pub(crate) crc: u32,
    /// Bytes of its content.
    pub(crate) size: u64,
    /// Whether the CRC was not known when its header was written, and follows the content.
    pub(crate) streamed: bool,
}

impl ZipEntry<'_> {
    fn is_large(&self) -> bool {
        self.size >= u64::from(BEYOND)
    }

    /// Appends what stands before the content.
    pub(crate) fn append_header(&self, bytes: &mut Vec<u8>) {
        let large = self.is_large();
        // What is streamed says nothing yet.
        let (crc, size) = match self.streamed {
            true => (0, 0),
            false => (self.crc, self.size),
        };
        let short = if large { BEYOND } else { size as u32 };
        words(
            bytes,
            &[
                0x4b50,
                0x0403,
                self.version(large),
                self.flags(),
                0,
                0,
                DATE,
            ],
        );
        double_words(bytes, &[crc, short, short]);
        words(bytes, &[self.name.len() as u16, if large { 20 } else { 0 }]);
        bytes.extend_from_slice(self.name.as_bytes());
        if large {
            words(bytes, &[1, 16]);
            quad_words(bytes, &[size, size]);
        }
    }

    /// How many bytes [`append_header`](Self::append_header) appends.
    pub(crate) fn header_length(&self) -> u64 {
        30 + self.name.len() as u64 + if self.is_large() { 20 } else { 0 }
    }

    /// Appends what stands after the content of an entry that was streamed, and nothing for others.
    pub(crate) fn append_descriptor(&self, bytes: &mut Vec<u8>) {
        if !self.streamed {
            return;
        }
        double_words(bytes, &[0x0807_4b50, self.crc]);
        match self.is_large() {
            true => quad_words(bytes, &[self.size, self.size]),
            false => double_words(bytes, &[self.size as u32, self.size as u32]),
        }
    }

    /// How many bytes [`append_descriptor`](Self::append_descriptor) appends.
    pub(crate) fn descriptor_length(&self) -> u64 {
        match (self.streamed, self.is_large()) {
            (false, _) => 0,
            (true, true) => 24,
            (true, false) => 16,
        }
    }

    /// Appends its entry in the directory, if its header stands at `offset` of the zip file.
    pub(crate) fn append_directory(&self, offset: u64, bytes: &mut Vec<u8>) {
        let large = self.is_large();
        let far = offset >= u64::from(BEYOND);
        let extra = if large { 16 } else { 0 } + if far { 8 } else { 0 };
        let short = if large { BEYOND } else { self.size as u32 };
        let version = self.version(large || far);
        words(
            bytes,
            &[0x4b50, 0x0201, MADE_BY, version, self.flags(), 0, 0, DATE],
        );
        double_words(bytes, &[self.crc, short, short]);
        let extra_length = if extra > 0 { 4 + extra } else { 0 };
        words(bytes, &[self.name.len() as u16, extra_length, 0, 0, 0]);
        double_words(bytes, &[MODE, if far { BEYOND } else { offset as u32 }]);
        bytes.extend_from_slice(self.name.as_bytes());
        if extra > 0 {
            words(bytes, &[1, extra]);
        }
        if large {
            quad_words(bytes, &[self.size, self.size]);
        }
        if far {
            quad_words(bytes, &[offset]);
        }
    }

    fn version(&self, zip64: bool) -> u16 {
        if zip64 { 45 } else { 20 }
    }

    fn flags(&self) -> u16 {
        if self.streamed { FLAG_DESCRIPTOR } else { 0 }
    }
}

/// The end of a zip file whose directory has so many entries and bytes, and begins at `start`.
pub(crate) fn end_of_directory(entries: u64, start: u64, length: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(100);
    let beyond = u64::from(BEYOND);
    if entries >= 0xffff || start >= beyond || length >= beyond {
        words(&mut bytes, &[0x4b50, 0x0606]);
        quad_words(&mut bytes, &[44]);
        words(&mut bytes, &[MADE_BY, 45]);
        double_words(&mut bytes, &[0, 0]);
        quad_words(&mut bytes, &[entries, entries, length, start]);
        double_words(&mut bytes, &[0x0706_4b50, 0]);
        quad_words(&mut bytes, &[start + length]);
        double_words(&mut bytes, &[1]);
    }
    let entries = entries.min(0xffff) as u16;
    words(&mut bytes, &[0x4b50, 0x0605, 0, 0, entries, entries]);
    let within = |number: u64| number.min(beyond) as u32;
    double_words(&mut bytes, &[within(length), within(start)]);
    words(&mut bytes, &[0]);
    bytes
}

fn words(bytes: &mut Vec<u8>, words: &[u16]) {
    words
        .iter()
        .for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
}

fn double_words(bytes: &mut Vec<u8>, words: &[u32]) {
    words
        .iter()
        .for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
}

fn quad_words(bytes: &mut Vec<u8>, words: &[u64]) {
    words
        .iter()
        .for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
}
