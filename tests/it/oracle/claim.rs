//! One claim sentence: every way in which a claim, or a relay of one, fits it. It tries them all.

use super::lookup::{folded, number};
use super::solve::Row;
use super::value::{Seen, Value};
use super::world::{Act, Content};
use super::{Cut, Oracle};
use dixit::model::{Act as Kind, Bound, Time, Truth, VerbId};
use dixit::syntax::ast::{
    Adjunct, Claim, Condition, ConditionValue, ContentValue, FieldPair, FieldValue, HopDetails, Label,
    Measure, MeasureOp, MeasureTest, Quantifier, Term, TimeExpr, TimeOp, TimeValue, Who,
};

impl Oracle<'_> {
    /// Every row that follows from a row and a claim sentence. `all of A, B` are as many sentences.
    pub(super) fn claim(&self, asked: &Claim, row: &Row) -> Vec<Row> {
        if asked.who.quantifier != Some(Quantifier::All) {
            return self.sentence(asked, row, asked.span.start, false);
        }
        let mut rows = vec![row.clone()];
        for (at, term) in asked.who.terms.iter().enumerate() {
            let mut one = asked.clone();
            one.who = Who { quantifier: None, terms: vec![term.clone()], span: asked.who.span };
            if at > 0 {
                one.label = None;
            }
            let place = if at == 0 { asked.span.start } else { term.span().start };
            rows = rows.iter().flat_map(|row| self.sentence(&one, row, place, false)).collect();
        }
        rows
    }

    /// The same, noting what was found under `place`. Claims that nobody passes on count where speech is spoken about.
    fn sentence(&self, asked: &Claim, row: &Row, place: usize, alleged: bool) -> Vec<Row> {
        match asked.content.as_ref().map(|content| &content.value) {
            Some(ContentValue::Claim(id)) => {
                let act = self.world.act_of(&id.text).unwrap();
                self.relays_of(asked, act, row, place)
            }
            Some(ContentValue::Var(word)) if self.acts.contains(&word.text) => {
                let acts = self.world.acts().into_iter().filter(|act| self.on_record(act.claim));
                let bound = acts.filter_map(|act| Some((act, self.bind(row, &word.text, Value::Act(act))?)));
                bound.flat_map(|(act, row)| self.relays_of(asked, act, &row, place)).collect()
            }
            Some(ContentValue::Speech(inner)) if inner.adjuncts.iter().any(is_hop) => {
                let mut alone = inner.as_ref().clone();
                alone.adjuncts.retain(|adjunct| !is_hop(adjunct));
                let rows = self.sentence(&alone, row, inner.span.start, true);
                rows.iter().flat_map(|row| self.relays_outside(asked, inner, row, place)).collect()
            }
            Some(ContentValue::Speech(inner)) => {
                let rows = self.sentence(inner, row, inner.span.start, true);
                let about = |row: &Row| self.relays_of(asked, row.seen[&inner.span.start].act, row, place);
                rows.iter().flat_map(about).collect()
            }
            _ => {
                let claims = (0..self.world.claims.len()).filter(|claim| self.on_record(*claim));
                claims.flat_map(|claim| self.one_claim(asked, claim, row, place, alleged)).collect()
            }
        }
    }

    /// Whether the record, as far as the question sees it, has a claim.
    fn on_record(&self, claim: usize) -> bool {
        let known = &self.world.claims[claim];
        match self.cut {
            Cut::Recorded(until) => known.recorded <= until && known.void_at.is_none_or(|at| at > until),
            _ => known.void_at.is_none(),
        }
    }

    fn one_claim(&self, asked: &Claim, claim: usize, row: &Row, place: usize, alleged: bool) -> Vec<Row> {
        let known = &self.world.claims[claim];
        let act = Act { claim, hop: None };
        let label_only = known.fields["mode"] == "label";
        let asserts = Kind::from_word(&asked.verb.text).is_some_and(|kind| kind.is_under(Kind::Assert));
        let content = asked.content.as_ref();
        if !self.speaks(asked, known.verb, known.content)
            || label_only && asserts && !asked.exactly
            || content.is_some_and(|content| content.verbatim) && !known.verbatim
            || !hedged(asked, known.hedge.as_ref())
        {
            return Vec::new();
        }
        let mut rows = self.label(asked, act, row);
        rows = each(&rows, |row| self.content(asked, known.content, row));
        rows = each(&rows, |row| self.list(&asked.who, &known.sources, true, row));
        if let Some(listener) = &asked.listener {
            rows = each(&rows, |row| self.list(&listener.who, &known.listeners, true, row));
        }
        rows = each(&rows, |row| self.adjuncts(asked, act, row, alleged));
        for pair in &asked.fields {
            rows = each(&rows, |row| self.field(pair, claim, row));
        }
        each(&rows, |row| self.ways(asked, act, alleged, place, row))
    }

    /// Every relay that fits the sentence, of an act that came as far as to it by the hops asked for inside.
    fn relays_outside(&self, asked: &Claim, inner: &Claim, row: &Row, place: usize) -> Vec<Row> {
        let act = row.seen[&inner.span.start].act;
        let mut hops_only = inner.clone();
        hops_only.adjuncts.retain(is_hop);
        let mut tried = Vec::new();
        let mut found = Vec::new();
        for way in &self.world.claims[act.claim].appearances {
            let from = act.hop.map_or(0, |own| {
                way.hops.iter().position(|hop| hop.number == own).map_or(way.hops.len(), |at| at + 1)
            });
            for end in from + 1..way.hops.len() {
                let between: Vec<&super::world::Hop> = way.hops[from..end].iter().collect();
                let carried = way.hops[..end].iter().all(|hop| self.carries(hop));
                if !carried || tried.contains(&way.hops[end].number) {
                    continue;
                }
                tried.push(way.hops[end].number);
                let outer = Act { claim: act.claim, hop: Some(way.hops[end - 1].number) };
                for row in self.chain_over(&hops_only, &between, None, row) {
                    let about = self.relays_of(asked, outer, &row, place);
                    let this = |row: &Row| row.seen[&place].act.hop == Some(way.hops[end].number);
                    found.extend(about.into_iter().filter(this));
                }
            }
        }
        found
    }

    /// Every relay directly about an act that fits the sentence.
    fn relays_of(&self, asked: &Claim, inner: Act, row: &Row, place: usize) -> Vec<Row> {
        let claim = &self.world.claims[inner.claim];
        if !self.on_record(inner.claim) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for number in &claim.relays {
            let act = Act { claim: inner.claim, hop: Some(*number) };
            let chain = claim.appearances.iter().map(|appearance| &appearance.hops);
            let chain = chain.into_iter().find(|hops| hops.iter().any(|hop| hop.number == *number)).unwrap();
            let at = chain.iter().position(|hop| hop.number == *number).unwrap();
            let parent = at.checked_sub(1).map(|before| chain[before].number);
            let hop = &chain[at];
            let verb = self.world.lexicon.verb(hop.verb);
            let denies = verb.negative != hop.negated;
            let content = asked.content.as_ref().unwrap();
            let verb_fits = self.verb_fits(&asked.verb, asked.exactly, hop.verb)
                || asks_denials(asked) && denies && verb.act.is_under(Kind::Assert);
            let asked_denial = self.flips(&asked.verb) != content.not;
            if parent != inner.hop
                || !verb_fits
                || denies != asked_denial
                || content.verbatim
                || !hedged(asked, hop.hedge.as_ref())
                || !asked.fields.is_empty()
            {
                continue;
            }
            let mut rows = self.label(asked, act, row);
            rows = each(&rows, |row| self.list(&asked.who, &hop.sources, true, row));
            if let Some(listener) = &asked.listener {
                rows = each(&rows, |row| self.list(&listener.who, &hop.listeners, true, row));
            }
            rows = each(&rows, |row| self.adjuncts(asked, act, row, true));
            found.extend(each(&rows, |row| self.ways(asked, act, true, place, row)));
        }
        found
    }

    /// Whether the verb fits. Asked for denials, an assertion of a negation is one too, whatever its verb.
    fn speaks(&self, asked: &Claim, verb: VerbId, content: Option<Content>) -> bool {
        let by_text = matches!(
            asked.content.as_ref().map(|content| &content.value),
            Some(ContentValue::Text(_) | ContentValue::Param(_))
        );
        let joined = asked.content.as_ref().is_some_and(|asked| match &asked.value {
            ContentValue::Var(word) => !asked.not && self.shared.contains(&format!("?{}", word.text)),
            _ => false,
        });
        self.verb_fits(&asked.verb, asked.exactly, verb)
            || asks_denials(asked)
                && self.world.lexicon.verb(verb).act.is_under(Kind::Assert)
                && content.is_some_and(|content| by_text || self.world.negation(content, !joined).is_some())
    }

    fn label(&self, asked: &Claim, act: Act, row: &Row) -> Vec<Row> {
        match &asked.label {
            None => vec![row.clone()],
            Some(Label::Id(id)) if self.world.act_of(&id.text) == Some(act) => vec![row.clone()],
            Some(Label::Id(_)) => Vec::new(),
            Some(Label::Var(word)) => self.bind(row, &word.text, Value::Act(act)).into_iter().collect(),
        }
    }

    fn content(&self, asked: &Claim, known: Option<Content>, row: &Row) -> Vec<Row> {
        let Some(wanted) = &asked.content else { return vec![row.clone()] };
        let flips = self.flips(&asked.verb);
        let not = flips != wanted.not;
        let keep = |passes: bool| if passes { vec![row.clone()] } else { Vec::new() };
        let by_text = |text: &str| match known {
            Some(known) => keep(self.contents(text, not).contains(&self.world.meant(known))),
            None => Vec::new(),
        };
        match &wanted.value {
            ContentValue::Text(word) => by_text(&word.text),
            ContentValue::Param(word) => by_text(&self.param(word)),
            ContentValue::Anything(_) if wanted.not && !flips => {
                keep(known.is_some_and(|known| self.world.negation(known, true).is_some()))
            }
            ContentValue::Anything(_) => keep(known.is_some()),
            // `what` shows the content as claimed, also of a denial.
            ContentValue::What(_) => self.signed("what", known, wanted.not && !flips, row),
            ContentValue::Var(word) => self.signed(&format!("?{}", word.text), known, not, row),
            ContentValue::Claim(_) | ContentValue::Speech(_) => Vec::new(),
        }
    }

    /// Binds a content; where it must be a negation, binds what is negated.
    fn signed(&self, slot: &str, known: Option<Content>, not: bool, row: &Row) -> Vec<Row> {
        let value = match known {
            Some(known) if not => match self.world.negation(known, !self.shared.contains(slot)) {
                Some(negation) => Value::Content(Content { not: false, ..negation }),
                None => return Vec::new(),
            },
            Some(known) => Value::Content(known),
            None if not || self.shared.contains(slot) => return Vec::new(),
            None => Value::Nothing,
        };
        self.bind_slot(row, slot, value).into_iter().collect()
    }

    /// Whether some entities pass a list of terms, and what its blanks then hold.
    pub(super) fn list(&self, who: &Who, members: &[usize], described: bool, row: &Row) -> Vec<Row> {
        let term = |term: &Term, row: &Row| self.term(term, members, described, row);
        let any = || who.terms.iter().any(|one| !term(one, row).is_empty());
        match who.quantifier {
            Some(Quantifier::None) if any() => Vec::new(),
            Some(Quantifier::None) => vec![row.clone()],
            Some(Quantifier::Any) if who.terms.len() > 1 && any() => vec![row.clone()],
            Some(Quantifier::Any) if who.terms.len() > 1 => Vec::new(),
            _ => who.terms.iter().fold(vec![row.clone()], |rows, one| each(&rows, |row| term(one, row))),
        }
    }

    /// The same for whom a sentence that is no claim is about: somebody described where a tag says which.
    pub(super) fn subject(&self, term: &Term, members: &[usize], row: &Row) -> Vec<Row> {
        let tag = if let Term::Name(name) = term { name.qualifier.as_deref() } else { None };
        self.term(term, members, tag.is_some_and(|tag| !tag.is_empty()), row)
    }

    /// The same for one term.
    pub(super) fn term(&self, term: &Term, members: &[usize], described: bool, row: &Row) -> Vec<Row> {
        let bind = |slot: &str| {
            let bound = members.iter().map(|member| self.bind_slot(row, slot, Value::Entity(*member)));
            bound.flatten().collect()
        };
        match term {
            Term::Name(_) | Term::Param(_) => {
                let wanted = self.constant(term, described);
                if members.iter().any(|member| wanted.contains(member)) {
                    vec![row.clone()]
                } else {
                    Vec::new()
                }
            }
            Term::Anyone(_) if members.is_empty() => Vec::new(),
            Term::Anyone(_) => vec![row.clone()],
            Term::Var(word) => bind(&format!("?{}", word.text)),
            Term::Who(_) => bind("who"),
            Term::Whom(_) => bind("whom"),
            Term::Which { kind, .. } => {
                let of_kind = members.iter().filter(|member| {
                    self.world.entities[**member].kinds.iter().any(|known| known.word() == kind.text)
                });
                let bound = of_kind.map(|member| self.bind_slot(row, &kind.text, Value::Entity(*member)));
                bound.flatten().collect()
            }
        }
    }

    /// Everything after the content but the chain.
    fn adjuncts(&self, asked: &Claim, act: Act, row: &Row, alleged: bool) -> Vec<Row> {
        let content = self.world.claims[act.claim].content;
        let about = content.map(|content| &self.world.propositions[content.at]);
        let asked_not = self.flips(&asked.verb) != asked.content.as_ref().is_some_and(|asked| asked.not);
        let denied = content.is_some_and(|content| content.not) && !asked_not;
        asked.adjuncts.iter().fold(vec![row.clone()], |rows, adjunct| {
            each(&rows, |row| match adjunct {
                Adjunct::About(who) => about.map_or(Vec::new(), |p| self.list(who, &p.subjects, false, row)),
                Adjunct::Said { op, time, .. } => {
                    let latest = self.published(act, alleged).map(|time| time.to);
                    self.time(*op, time, self.world.said(act), latest, row)
                }
                Adjunct::For(time) => self.time(TimeOp::On, time, about.and_then(|p| p.time), None, row),
                Adjunct::If(condition) => self.condition(condition, about.and_then(|p| p.condition), row),
                // Nothing follows from a denial, where none is asked for.
                Adjunct::With(Measure { test, .. }) if denied && is_bound(test) => Vec::new(),
                Adjunct::With(measure) => about.map_or(Vec::new(), |p| self.measure(measure, p, row)),
                Adjunct::When(_) | Adjunct::Via(_) | Adjunct::Source(_) => vec![row.clone()],
            })
        })
    }

    /// Whether a time certainly stands so. What was said on an unknown day was said before it was published.
    fn time(
        &self,
        op: TimeOp,
        asked: &TimeExpr,
        known: Option<Time>,
        latest: Option<i64>,
        row: &Row,
    ) -> Vec<Row> {
        let wanted = match &asked.value {
            TimeValue::Var(word) => {
                let slot = format!("?{}", word.text);
                if matches!(op, TimeOp::On | TimeOp::In) {
                    let bound = known.and_then(|known| self.bind_slot(row, &slot, Value::Time(known)));
                    return bound.into_iter().collect();
                }
                match row.vars.get(&slot) {
                    Some(Value::Time(time)) => *time,
                    _ => return Vec::new(),
                }
            }
            _ => self.interval(asked),
        };
        let passes = match (op, known) {
            (TimeOp::Before, None) => latest.is_some_and(|latest| latest <= wanted.from),
            (_, None) => false,
            (TimeOp::On | TimeOp::In | TimeOp::Between, Some(known)) => {
                known.within(&wanted) == Truth::Certain
            }
            (TimeOp::Before, Some(known)) => known.before(&wanted) == Truth::Certain,
            (TimeOp::After, Some(known)) => known.after(&wanted) == Truth::Certain,
        };
        if passes { vec![row.clone()] } else { Vec::new() }
    }

    fn condition(&self, asked: &Condition, known: Option<Content>, row: &Row) -> Vec<Row> {
        let Some(known) = known else { return Vec::new() };
        let by_text = |text: &str| self.contents(text, asked.not).contains(&self.world.meant(known));
        let passes = match &asked.value {
            ConditionValue::Text(word) => by_text(&word.text),
            ConditionValue::Param(word) => by_text(&self.param(word)),
            ConditionValue::Anything(_) => !asked.not || self.world.negation(known, true).is_some(),
            ConditionValue::Var(word) => {
                return self.signed(&format!("?{}", word.text), Some(known), asked.not, row);
            }
        };
        if passes { vec![row.clone()] } else { Vec::new() }
    }

    fn measure(&self, asked: &Measure, known: &super::world::Proposition, row: &Row) -> Vec<Row> {
        let what = folded(&asked.what.text);
        let unit = asked
            .unit
            .as_ref()
            .map(|unit| if unit.text == "%" { "percent".into() } else { folded(&unit.text) });
        let fitting = known.figures.iter().filter(|(name, _, own)| {
            folded(name) == what
                && unit.as_ref().is_none_or(|unit| own.as_ref().is_some_and(|own| folded(own) == *unit))
        });
        let facts = known.facts.iter().filter(|(attribute, ..)| folded(attribute) == what);
        let follows = |bound: Bound| fitting.clone().any(|(_, figure, _)| figure.bound.implies(&bound));
        let passes = match &asked.test {
            MeasureTest::Number(op, word) => follows(bound(*op, number(&word.text))),
            MeasureTest::Param(op, word) => follows(bound(*op, number(&self.param(word)))),
            MeasureTest::Between(low, high) => follows(Bound::between(number(&low.text), number(&high.text))),
            MeasureTest::Var(word) => {
                let slot = format!("?{}", word.text);
                let values = fitting.map(|(_, figure, unit)| Value::Figure(*figure, unit.clone()));
                return values.filter_map(|value| self.bind_slot(row, &slot, value)).collect();
            }
            MeasureTest::Entity(term) => {
                let values: Vec<usize> = facts.filter_map(|(_, entity, _)| *entity).collect();
                return if values.is_empty() { Vec::new() } else { self.term(term, &values, false, row) };
            }
            MeasureTest::Text(word) => {
                let mut texts = facts.filter_map(|(.., text)| text.as_ref());
                texts.any(|text| folded(text) == folded(&word.text))
            }
        };
        if passes { vec![row.clone()] } else { Vec::new() }
    }

    fn field(&self, asked: &FieldPair, claim: usize, row: &Row) -> Vec<Row> {
        let claim = &self.world.claims[claim];
        let about = claim.content.map(|content| &self.world.propositions[content.at]);
        let known = match asked.key.text.as_str() {
            "modality" => about.map(|p| p.modality.to_string()),
            "language" => about.and_then(|p| p.language.clone()),
            "hedge" => claim.hedge.clone(),
            key => claim.fields.get(key).cloned(),
        };
        let Some(known) = known else { return Vec::new() };
        let wanted = match &asked.value {
            FieldValue::Var(word) => {
                let slot = format!("?{}", word.text);
                return self.bind_slot(row, &slot, Value::Text(known)).into_iter().collect();
            }
            FieldValue::Param(word) => self.param(word),
            FieldValue::Date(word)
            | FieldValue::Number(word)
            | FieldValue::Text(word)
            | FieldValue::Json(word)
            | FieldValue::Ident(word) => word.text.clone(),
            FieldValue::Name(name) => name.text.clone(),
        };
        if folded(&known) == folded(&wanted) { vec![row.clone()] } else { Vec::new() }
    }

    /// Every way in which the chain of an act fits, each noted in a row of its own.
    fn ways(&self, asked: &Claim, act: Act, alleged: bool, place: usize, row: &Row) -> Vec<Row> {
        let mut found = Vec::new();
        for by in self.appearances(act, alleged) {
            let seen = Seen { act, by };
            for mut row in self.chain(asked, seen, row) {
                row.seen.insert(place, seen);
                found.push(row);
            }
        }
        found
    }
}

/// Goes on from each of some rows.
pub(super) fn each(rows: &[Row], next: impl Fn(&Row) -> Vec<Row>) -> Vec<Row> {
    rows.iter().flat_map(next).collect()
}

fn hedged(asked: &Claim, own: Option<&String>) -> bool {
    let wanted = asked.content.as_ref().and_then(|content| content.hedge.as_ref());
    wanted.is_none_or(|wanted| own.is_some_and(|own| folded(own) == folded(&wanted.text)))
}

fn is_hop(adjunct: &Adjunct) -> bool {
    matches!(adjunct, Adjunct::Via(via) if via.who.is_some() || via.details != HopDetails::default())
}

fn is_bound(test: &MeasureTest) -> bool {
    matches!(test, MeasureTest::Number(..) | MeasureTest::Param(..) | MeasureTest::Between(..))
}

fn asks_denials(asked: &Claim) -> bool {
    asked.verb.text == "denied" && !asked.exactly
}

pub(super) fn bound(op: MeasureOp, value: f64) -> Bound {
    match op {
        MeasureOp::Equal => Bound::exactly(value),
        MeasureOp::About => Bound::about(value),
        MeasureOp::More => Bound::above(value, true),
        MeasureOp::AtLeast => Bound::above(value, false),
        MeasureOp::Less => Bound::below(value, true),
        MeasureOp::AtMost => Bound::below(value, false),
    }
}
