//! Claims as text.

use super::super::ast::{
    Adjunct, Claim, Condition, ConditionValue, Content, ContentValue, FieldPair, FieldValue, HopDetails,
    Label, Measure, MeasureOp, MeasureTest, SourceRef, TimeOp, TimeValue, Via, ViaPosition,
};
use super::super::grammar::Rule;
use super::{Printer, claim_id, is_bare, matches};

impl Printer {
    pub(super) fn claim(&mut self, claim: &Claim) {
        match &claim.label {
            None => {}
            Some(Label::Id(id)) => {
                if self.columns.iter().any(|column| column.span == id.span) {
                    self.word("#");
                    let at = self.text.len();
                    self.filled(id.span);
                    // The mark stands right before the column.
                    if self.text.get(at..).is_some_and(|text| text.starts_with(' ')) {
                        self.text.remove(at);
                    }
                } else {
                    self.word(&claim_id(&id.text));
                }
                self.glue(":");
            }
            Some(Label::Var(var)) => {
                self.var(var);
                self.glue(":");
            }
        }
        self.who(&claim.who);
        if claim.exactly {
            self.word("exactly");
        }
        self.word(&claim.verb.text);
        if let Some(listener) = &claim.listener {
            if listener.to {
                self.word("to");
            }
            self.who(&listener.who);
        }
        if let Some(content) = &claim.content {
            self.content(content, claim.listener.is_some());
        }
        for adjunct in &claim.adjuncts {
            self.adjunct(adjunct);
        }
        self.fields(&claim.fields);
    }

    pub(super) fn content(&mut self, content: &Content, after_listener: bool) {
        let plain = content.hedge.is_none() && !content.not;
        let is_text = matches!(content.value, ContentValue::Text(_));
        if !plain || matches!(content.value, ContentValue::Speech(_)) || after_listener && is_text {
            self.word("that");
        }
        if let Some(hedge) = &content.hedge {
            self.word(&hedge.text);
        }
        if content.not {
            self.word("not");
        }
        match &content.value {
            ContentValue::Text(text) => self.string(text),
            ContentValue::Var(var) => self.var(var),
            ContentValue::Param(param) => self.param(param),
            ContentValue::What(_) => self.word("what"),
            ContentValue::Anything(_) => self.word("anything"),
            ContentValue::Claim(id) => self.word(&claim_id(&id.text)),
            ContentValue::Speech(claim) => {
                self.word("(");
                self.claim(claim);
                self.glue(")");
            }
        }
        if content.verbatim {
            self.word("verbatim");
        }
    }

    pub(super) fn adjunct(&mut self, adjunct: &Adjunct) {
        match adjunct {
            Adjunct::About(who) => {
                self.word("about");
                self.who(who);
            }
            Adjunct::Said { op: TimeOp::Between, time, .. } => {
                if let TimeValue::Range(Some(first), Some(last)) = &time.value {
                    self.word("between");
                    self.plain(first);
                    self.word("and");
                    self.plain(last);
                    self.written(time);
                }
            }
            Adjunct::Said { op, time, .. } => {
                self.word(match op {
                    TimeOp::On | TimeOp::Between => "on",
                    TimeOp::In => "in",
                    TimeOp::Before => "before",
                    TimeOp::After => "after",
                });
                self.time(time);
            }
            Adjunct::When(_) => self.word("when"),
            Adjunct::For(time) => {
                self.word("for");
                self.time(time);
            }
            Adjunct::Via(via) => self.via(via),
            Adjunct::Source(source) => {
                self.word("source");
                match source {
                    SourceRef::Url(word) => self.url(word),
                    SourceRef::Named(word) => self.string(word),
                    SourceRef::Var(word) => self.var(word),
                    SourceRef::Param(word) => self.param(word),
                }
            }
            Adjunct::If(condition) => self.condition(condition),
            Adjunct::With(measure) => self.measure(measure),
        }
    }

    pub(super) fn via(&mut self, via: &Via) {
        match via.position {
            ViaPosition::Any => {}
            ViaPosition::First => self.word("first"),
            ViaPosition::Last => self.word("last"),
            ViaPosition::Directly => self.word("directly"),
        }
        self.word("via");
        if let Some(who) = &via.who {
            self.who(who);
        }
        let HopDetails { hedge, inferred, marked, time, verb } = &via.details;
        let mut details: Vec<String> = Vec::new();
        details.extend(verb.as_ref().map(|verb| verb.text.clone()));
        details.extend(time.as_ref().map(|time| {
            let mut out = Printer { columns: self.columns.clone(), ..Printer::default() };
            out.time(time);
            out.text
        }));
        details.extend(hedge.as_ref().map(|hedge| hedge.text.clone()));
        details.extend(inferred.then(|| "inferred".to_string()));
        details.extend(marked.then(|| "marked".to_string()));
        if !details.is_empty() {
            self.word(&format!("({})", details.join(", ")));
        }
    }

    pub(super) fn condition(&mut self, condition: &Condition) {
        self.word("if");
        if condition.not {
            self.word("not");
        }
        match &condition.value {
            ConditionValue::Text(text) => self.string(text),
            ConditionValue::Var(var) => self.var(var),
            ConditionValue::Param(param) => self.param(param),
            ConditionValue::Anything(_) => self.word("anything"),
        }
    }

    pub(super) fn measure(&mut self, measure: &Measure) {
        self.word("with");
        if measure.what.bracketed || is_bare(&measure.what.text) {
            self.name(&measure.what);
        } else {
            self.word(&measure.what.text);
        }
        let op = |out: &mut Self, op: &MeasureOp| {
            out.word(match op {
                MeasureOp::Equal => "=",
                MeasureOp::Less => "<",
                MeasureOp::AtMost => "<=",
                MeasureOp::More => ">",
                MeasureOp::AtLeast => ">=",
                MeasureOp::About => "~",
            });
        };
        match &measure.test {
            MeasureTest::Number(kind, number) => {
                op(self, kind);
                self.word(&number.text);
            }
            MeasureTest::Param(kind, param) => {
                op(self, kind);
                self.param(param);
            }
            MeasureTest::Between(low, high) => {
                self.word("between");
                self.plain(low);
                self.word("and");
                self.plain(high);
            }
            MeasureTest::Entity(term) => {
                op(self, &MeasureOp::Equal);
                self.term(term);
            }
            MeasureTest::Text(text) => {
                op(self, &MeasureOp::Equal);
                self.string(text);
            }
            MeasureTest::Var(var) => self.var(var),
        }
        if let Some(unit) = &measure.unit {
            if unit.text == "%" || matches(Rule::ident, &unit.text) {
                self.word(&unit.text);
            } else {
                // What stands behind the last bar would be read as a qualifier.
                let bar = if unit.text.contains('|') { "|" } else { "" };
                self.word(&format!("[{}{bar}]", unit.text));
            }
        }
    }

    pub(super) fn fields(&mut self, fields: &[FieldPair]) {
        if fields.is_empty() {
            return;
        }
        self.word("{");
        self.list(fields, |out, pair| {
            if matches(Rule::field_key, &pair.key.text) {
                out.word(&pair.key.text);
            } else {
                out.string(&pair.key);
            }
            out.glue(":");
            match &pair.value {
                FieldValue::Date(word) | FieldValue::Number(word) | FieldValue::Ident(word) => {
                    out.word(&word.text);
                }
                FieldValue::Text(word) => out.string(word),
                FieldValue::Json(word) => {
                    out.word("json");
                    out.string(word);
                }
                FieldValue::Name(name) => out.name(name),
                FieldValue::Var(word) => out.var(word),
                FieldValue::Param(word) => out.param(word),
            }
        });
        self.glue("}");
    }
}
