//! The parser that pest makes of `grammar/dixit.pest`. Nothing is written by hand here.
#![allow(missing_docs, unreachable_pub, clippy::pedantic, reason = "generated code")]

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/dixit.pest"]
pub(super) struct Grammar;
