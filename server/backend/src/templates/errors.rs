//! What is wrong with a template file, said with file and line.

use std::fmt;

/// One mistake in one template file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TemplateError {
    /// The file, as its name in the operator's folder; built-in templates say so.
    pub file: String,
    /// The line, counted from 1; `None` when the file or folder can not be read at all.
    pub line: Option<usize>,
    /// What is wrong and what to do, as a sentence.
    pub message: String,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for TemplateError {}

/// Collects the mistakes of one file and turns byte offsets into lines.
pub(super) struct Problems<'a> {
    file: &'a str,
    text: &'a str,
    found: Vec<TemplateError>,
}

impl<'a> Problems<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self {
            file,
            text,
            found: Vec::new(),
        }
    }

    /// Notes a mistake at a byte offset of the file.
    pub(super) fn at(&mut self, offset: usize, message: impl Into<String>) {
        let line = self.line(offset);
        let message = message.into();
        self.found.push(TemplateError {
            file: self.file.to_owned(),
            line: Some(line),
            message,
        });
    }

    /// The line of a byte offset, counted from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().iter().take(offset);
        1 + before.filter(|byte| **byte == b'\n').count()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// All mistakes, from the first line to the last.
    pub(super) fn into_sorted(mut self) -> Vec<TemplateError> {
        self.found.sort();
        self.found.dedup();
        self.found
    }
}
