use std::fmt::Write;
use std::fs::File;
use std::io::{self, Chain, Cursor, Read};
use std::path::{Path, PathBuf};

use csv::ByteRecord;
use sha2::{Digest, Sha256};

use super::ImportError;
use super::rejected::Rejection;

/// Put after the end of the file: where it does not come back as a record of its own, a
/// quotation mark was never closed.
const END: &[u8] = b"\n\x01end of the file\x01\n";

/// The records of a file, streamed.
pub(super) struct Rows {
    file: PathBuf,
    size: u64,
    reader: csv::Reader<Chain<Hashed, Cursor<&'static [u8]>>>,
    ahead: ByteRecord,
    count: u64,
    /// Whether lines end with CR LF; the header says.
    crlf: bool,
}

/// A file that knows the hash of what was read of it.
struct Hashed {
    file: File,
    digest: Sha256,
}

impl Read for Hashed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.digest.update(&buffer[..read]);
        Ok(read)
    }
}

/// One record: its line in the file and its cells, which are UTF-8 for sure.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub line: u64,
    pub last_line: u64,
    text: String,
    ends: Vec<usize>,
    unclosed: bool,
}

impl Record {
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.text[start..end])
    }

    /// Why a record is no row of a file with so many columns.
    pub fn fault(&self, columns: usize) -> Option<Rejection> {
        if self.unclosed {
            let kind = "a quotation mark is not closed before the end of the file".into();
            return Some(Rejection { kind, value: None });
        }
        if self.ends.len() == columns {
            return None;
        }
        let lines = match self.last_line > self.line {
            true => " (over several lines: is a quotation mark not closed?)",
            false => "",
        };
        let kind = format!("{} cells where the header has {columns}{lines}", self.ends.len());
        Some(Rejection { kind, value: None })
    }
}

impl Rows {
    pub fn open(path: &Path) -> Result<Self, ImportError> {
        let unreadable = |source| ImportError::Read { file: path.to_owned(), source };
        let mut file = File::open(path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(ImportError::NotAFile { file: path.to_owned() });
        }
        let mut start = [0; 2];
        let read = file.read(&mut start).map_err(unreadable)?;
        if read == 2 && (start == [0xFF, 0xFE] || start == [0xFE, 0xFF]) {
            return Err(ImportError::Utf16 { file: path.to_owned() });
        }
        io::Seek::rewind(&mut file).map_err(unreadable)?;
        let hashed = Hashed { file, digest: Sha256::new() };
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 16)
            // Line feeds only: carriage returns are dropped in `next`, or lines would be
            // miscounted.
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(hashed.chain(Cursor::new(END)));
        Ok(Self {
            file: path.to_owned(),
            size: metadata.len(),
            reader,
            ahead: ByteRecord::new(),
            count: 0,
            crlf: false,
        })
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// Records read so far.
    pub fn count(&self) -> u64 {
        self.count
    }

    pub fn bytes_read(&self) -> u64 {
        self.reader.position().byte().min(self.size)
    }

    pub fn skip_header(&mut self) -> Result<(), ImportError> {
        self.next(&mut Record::default()).map(|_| ())
    }

    /// Reads the next record; `false` at the end of the file.
    pub fn next(&mut self, record: &mut Record) -> Result<bool, ImportError> {
        let end_text = END.trim_ascii();
        loop {
            match self.reader.read_byte_record(&mut self.ahead) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(error) => {
                    let source = io::Error::other(error);
                    return Err(ImportError::Read { file: self.file.clone(), source });
                }
            }
            let is_blank = self.ahead.len() == 1 && matches!(&self.ahead[0], b"" | b"\r");
            if !is_blank {
                break;
            }
        }
        if self.ahead.len() == 1 && &self.ahead[0] == end_text {
            return Ok(false);
        }
        self.count += 1;
        let last = self.ahead.len() - 1;
        if self.count == 1 {
            self.crlf = self.ahead[last].ends_with(b"\r");
        }
        record.text.clear();
        record.ends.clear();
        record.unclosed = self.ahead[last].ends_with(END);
        // A record that was read whole has its own line break behind it.
        let behind = u64::from(!record.unclosed);
        record.last_line = self.reader.position().line().saturating_sub(behind);
        let breaks: u64 = self.ahead.iter().map(breaks).sum();
        record.line = record.last_line.saturating_sub(breaks);
        for (index, cell) in self.ahead.iter().enumerate() {
            let cell = match index == last {
                true if record.unclosed => &cell[..cell.len() - END.len()],
                true if self.crlf => cell.strip_suffix(b"\r").unwrap_or(cell),
                _ => cell,
            };
            match std::str::from_utf8(cell) {
                Ok(text) => record.text.push_str(text),
                Err(error) => return Err(self.not_utf8(record, cell, error.valid_up_to())),
            }
            record.ends.push(record.text.len());
        }
        Ok(true)
    }

    fn not_utf8(&self, record: &Record, cell: &[u8], at: usize) -> ImportError {
        let line = record.line + breaks(record.text.as_bytes()) + breaks(&cell[..at]);
        ImportError::NotUtf8 { file: self.file.clone(), line, byte: cell[at] }
    }

    /// The hash of the whole file, in hexadecimal digits. Call it at the end.
    pub fn sha256(self) -> Result<String, ImportError> {
        let (hashed, _) = self.reader.into_inner().into_inner();
        let mut text = String::with_capacity(64);
        for byte in hashed.digest.finalize() {
            let _ = write!(text, "{byte:02x}");
        }
        Ok(text)
    }
}

fn breaks(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u64, Vec<String>, bool)> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        std::fs::write(&path, bytes).unwrap();
        let mut rows = Rows::open(&path).unwrap();
        let mut record = Record::default();
        let mut all = Vec::new();
        while rows.next(&mut record).unwrap() {
            let cells: Vec<String> = record.cells().map(str::to_owned).collect();
            all.push((record.line, cells, record.unclosed));
        }
        all
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>, bool) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect(), false)
    }

    #[test]
    fn a_mark_crlf_and_quoted_line_breaks() {
        let read = rows(b"\xEF\xBB\xBFa,b\r\n1,\"x\r\ny\"\r\n2,\"say \"\"hi\"\"\"");
        assert_eq!(
            read,
            [row(1, &["a", "b"]), row(2, &["1", "x\r\ny"]), row(4, &["2", "say \"hi\""])]
        );
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed() {
        let read = rows(b"a,b\n1,\"x\n2,y\n");
        assert_eq!(read[1], (2, vec!["1".into(), "x\n2,y\n".into()], true));
    }
}
