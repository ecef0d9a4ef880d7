//! Questions as text.

use super::super::ast::{
    Aggregate, AggregateKind, Arg, Call, Command, CommandVerb, CompareOp, Expr, FieldBase, FieldRef, Manner,
    Operand, Pattern, Stage, StageKind, Test, TestKind, Word,
};
use super::{Printer, claim_id};

impl Printer {
    /// A pattern; in parentheses where it is a part of another and joins several.
    pub(super) fn pattern(&mut self, pattern: &Pattern, is_part: bool) {
        match pattern {
            Pattern::And(parts) => self.joined(parts, "and", is_part),
            Pattern::Or(parts) => self.joined(parts, "or", is_part),
            Pattern::Not(inner, _) => {
                self.word("not (");
                self.pattern(inner, false);
                self.glue(")");
            }
            Pattern::Claim(claim) => self.claim(claim),
            Pattern::Link(link) => self.link(link),
            Pattern::IsA(isa) => self.isa(isa),
            Pattern::Rating(rating) => self.rating(rating),
            Pattern::Call(call) => self.call(call),
        }
    }

    pub(super) fn joined(&mut self, parts: &[Pattern], word: &str, is_part: bool) {
        if is_part {
            self.word("(");
        }
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                self.word(word);
            }
            self.pattern(part, true);
        }
        if is_part {
            self.glue(")");
        }
    }

    pub(super) fn call(&mut self, call: &Call) {
        self.word(&call.name.text);
        self.glue("(");
        self.list(&call.args, |out, arg| match arg {
            Arg::Term(term) => out.term(term),
            Arg::Text(text) => out.string(text),
            Arg::Claim(id) => out.word(&claim_id(&id.text)),
            Arg::Date(word) | Arg::Number(word) => out.word(&word.text),
        });
        self.glue(")");
    }

    pub(super) fn command(&mut self, command: &Command) {
        self.word(command.verb.word());
        match command.verb {
            CommandVerb::Impact => self.word("of retracting"),
            CommandVerb::Changes => self.period(&command.manner),
            _ => {}
        }
        if let Some(target) = &command.target {
            self.link_end(target);
        }
        self.sides(&command.manner);
        if let Some(of) = &command.of {
            self.word("of");
            self.who(of);
        }
        for adjunct in &command.adjuncts {
            self.adjunct(adjunct);
        }
        self.manner(&command.manner);
    }

    fn period(&mut self, manner: &Manner) {
        if let Some((from, to)) = &manner.period {
            self.word("from");
            self.time(from);
            self.word("to");
            self.time(to);
        }
    }

    fn sides(&mut self, manner: &Manner) {
        if let Some((one, other)) = &manner.sides {
            self.word("between");
            self.term(one);
            self.word("and");
            self.term(other);
        }
    }

    fn manner(&mut self, manner: &Manner) {
        if manner.by_organization {
            self.word("by organization");
        }
        if let Some(clock) = &manner.by_clock {
            self.word("by");
            self.word(&clock.text);
        }
        if manner.with_support {
            self.word("with support");
        }
    }

    pub(super) fn stage(&mut self, stage: &Stage) {
        self.word("|");
        match &stage.kind {
            StageKind::Where(expr) => {
                self.word("where");
                self.expr(expr, false);
            }
            StageKind::Show(shown) => {
                self.word("show");
                self.list(shown, |out, shown| {
                    out.field(&shown.field);
                    out.named_as(shown.name.as_ref());
                });
            }
            StageKind::Count { distinct, by } => {
                self.word("count");
                if let Some(field) = distinct {
                    self.word("distinct");
                    self.field(field);
                }
                self.by(by);
            }
            StageKind::Summarize { aggregates, by } => {
                self.word("summarize");
                self.list(aggregates, super::Printer::aggregate);
                self.by(by);
            }
            StageKind::Sort(keys) => {
                self.word("sort by");
                self.list(keys, |out, key| {
                    out.field(&key.field);
                    if key.descending {
                        out.word("desc");
                    }
                });
            }
            StageKind::Take(number) => {
                self.word("take");
                self.word(&number.text);
            }
            StageKind::Skip(number) => {
                self.word("skip");
                self.word(&number.text);
            }
            StageKind::Reason { verb, target, manner } => {
                self.word(verb.word());
                self.period(manner);
                if let Some(target) = target {
                    self.field(target);
                }
                self.sides(manner);
                self.manner(manner);
            }
        }
    }

    pub(super) fn by(&mut self, fields: &[FieldRef]) {
        if !fields.is_empty() {
            self.word("by");
            self.list(fields, super::Printer::field);
        }
    }

    pub(super) fn named_as(&mut self, name: Option<&Word>) {
        if let Some(name) = name {
            self.word("as");
            self.word(&name.text);
        }
    }

    pub(super) fn aggregate(&mut self, aggregate: &Aggregate) {
        self.word(match aggregate.kind {
            AggregateKind::Count => "count",
            AggregateKind::CountDistinct => "count distinct",
            AggregateKind::Min => "min",
            AggregateKind::Max => "max",
            AggregateKind::List => "list",
        });
        if let Some(field) = &aggregate.field {
            self.field(field);
        }
        self.named_as(aggregate.name.as_ref());
    }

    pub(super) fn expr(&mut self, expr: &Expr, is_part: bool) {
        let (parts, word) = match expr {
            Expr::And(parts) => (parts, "and"),
            Expr::Or(parts) => (parts, "or"),
            Expr::Not(inner) => {
                self.word("not (");
                self.expr(inner, false);
                self.glue(")");
                return;
            }
            Expr::Test(test) => return self.test(test),
        };
        if is_part {
            self.word("(");
        }
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                self.word(word);
            }
            self.expr(part, true);
        }
        if is_part {
            self.glue(")");
        }
    }

    pub(super) fn test(&mut self, test: &Test) {
        self.field(&test.field);
        match &test.kind {
            TestKind::Known(known) => self.word(if *known { "is known" } else { "is unknown" }),
            TestKind::In(list) => {
                self.word("in (");
                self.list(list, super::Printer::operand);
                self.glue(")");
            }
            TestKind::Compare(op, operand) => {
                self.word(match op {
                    CompareOp::Equal => "=",
                    CompareOp::NotEqual => "!=",
                    CompareOp::Less => "<",
                    CompareOp::AtMost => "<=",
                    CompareOp::More => ">",
                    CompareOp::AtLeast => ">=",
                    CompareOp::Has => "has",
                    CompareOp::Contains => "contains",
                    CompareOp::Starts => "starts",
                    CompareOp::Matches => "matches",
                });
                self.operand(operand);
            }
        }
    }

    pub(super) fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::Date(word) | Operand::Number(word) => self.word(&word.text),
            Operand::Text(text) => self.string(text),
            Operand::Term(term) => self.term(term),
            Operand::Claim(id) => self.word(&claim_id(&id.text)),
            Operand::Field(field) => self.field(field),
        }
    }

    pub(super) fn field(&mut self, field: &FieldRef) {
        match &field.base {
            FieldBase::Var(var) => self.word(&format!("?{var}")),
            FieldBase::Column(column) => self.word(column),
        }
        if let Some(field) = &field.field {
            self.glue(&format!(".{}", field.text));
        }
    }
}
