//! Parts of values: `?k.date`, `what.text`, `when.month`.

use super::super::query::{ColumnKind, PARTS, Part};
use super::{Binder, Refused};
use crate::diag::{Code, Diagnostic};
use crate::syntax::ast::Word;

impl Binder<'_> {
    /// The part of this name that a kind of value has. A claim also has the free fields that any claim was given.
    pub(super) fn part(&self, kind: ColumnKind, word: &Word) -> Refused<(Part, ColumnKind)> {
        let known = PARTS.iter().find(|(_, name, of, _)| *of == kind && *name == word.text);
        if let Some((part, _, _, gives)) = known {
            return Ok((Part::Known(*part), *gives));
        }
        if kind == ColumnKind::Claim
            && let Some(key) = self.graph().strings.find(&word.text)
        {
            return Ok((Part::Free(key), ColumnKind::Text));
        }
        let names: Vec<&str> =
            PARTS.iter().filter(|(_, _, of, _)| *of == kind).map(|(_, name, ..)| *name).collect();
        let mut diagnostic = Diagnostic::error(
            Code::UnknownField,
            word.span,
            format!("{} has no part `{}`", kind.noun(), word.text),
        );
        let similar = names.iter().map(|name| (strsim::damerau_levenshtein(name, &word.text), *name)).min();
        if let Some((distance, name)) = similar
            && distance <= 1 + word.text.len() / 4
        {
            diagnostic = diagnostic.help(format!("did you mean {name}?"));
        }
        let help = if names.is_empty() {
            "it has none".into()
        } else {
            format!("its parts are {}", names.join(", "))
        };
        Err(Box::new(diagnostic.help(help)))
    }
}
