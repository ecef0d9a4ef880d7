//! One thing to tell the user. Data only; drawing happens in `render`.

use super::{Code, Span};

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The sentence or row was not taken.
    Error,
    /// It was taken, and something about it deserves a look.
    Warning,
}

/// A second place worth pointing at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there, in a few words.
    pub text: String,
}

/// What went wrong, where, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// The stable code, for documentation and scripts.
    pub code: Code,
    /// One sentence in plain words, without a full stop.
    pub message: String,
    /// Where in the text, in bytes of the source it was parsed from.
    pub span: Span,
    /// Other places that explain it.
    pub labels: Vec<Label>,
    /// What to write or do instead; the first one is the suggested fix.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error without further labels or help.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            code,
            message: message.into(),
            span,
            labels: Vec::new(),
            help: Vec::new(),
        }
    }

    /// A warning without further labels or help.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, span, message) }
    }

    /// Adds what to do instead.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// The same diagnostic with every span moved `by` bytes further on.
    #[must_use]
    pub fn shifted(mut self, by: usize) -> Self {
        self.span = self.span.shifted(by);
        for label in &mut self.labels {
            label.span = label.span.shifted(by);
        }
        self
    }

    /// Whether this is an error rather than a warning.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
