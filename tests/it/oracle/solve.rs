//! Sentences joined by `and`, `or`, `not` and rules. `and` over `or` is multiplied out; of each conjunction everything positive is tried
//! in the order written, one sentence inside the other, and then what may not be.

use super::Oracle;
use super::value::{Seen, Value};
use dixit::syntax::ast::{
    Adjunct, Arg, Call, Claim, ContentValue, DefineRule, Pattern, Quantifier, Term, TimeOp, TimeValue, Who,
};
use std::collections::BTreeMap;

/// What is known so far: what each variable (`?x`) and blank (`who`) holds, and which claim each sentence found, by the place where the
/// sentence begins.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub vars: BTreeMap<String, Value>,
    pub seen: BTreeMap<usize, Seen>,
}

impl Oracle<'_> {
    /// Every row that follows from one row and a pattern.
    pub(super) fn solve(&self, pattern: &Pattern, row: &Row) -> Vec<Row> {
        let mut found = Vec::new();
        for mut parts in conjunctions(pattern) {
            // What needs a value from elsewhere comes after what may give it.
            parts.sort_by_key(|part| match part {
                Pattern::Not(..) => 2,
                Pattern::Claim(claim) if needs(claim) => 1,
                _ => 0,
            });
            let mut rows = vec![row.clone()];
            for part in parts {
                rows = rows.iter().flat_map(|row| self.part(part, row)).collect();
            }
            found.extend(rows);
        }
        found
    }

    fn part(&self, part: &Pattern, row: &Row) -> Vec<Row> {
        match part {
            Pattern::Not(inner, _) if self.solve(inner, row).is_empty() => vec![row.clone()],
            Pattern::Not(..) => Vec::new(),
            Pattern::Claim(claim) => self.claim(claim, row),
            Pattern::Link(link) => self.link(link, row),
            Pattern::IsA(isa) => self.isa(isa, row),
            Pattern::Rating(rating) => self.rating(rating, row),
            Pattern::Call(call) => self.call(call, row),
            Pattern::And(_) | Pattern::Or(_) => unreachable!("multiplied out"),
        }
    }

    /// A row in which a variable holds a value; nothing where it holds another already.
    pub(super) fn bind(&self, row: &Row, variable: &str, value: Value) -> Option<Row> {
        self.bind_slot(row, &format!("?{variable}"), value)
    }

    /// The same for a variable with its mark, or a blank. Named in several places, a variable holds what stands for all that is the same.
    pub(super) fn bind_slot(&self, row: &Row, slot: &str, value: Value) -> Option<Row> {
        let value = match value {
            Value::Content(_) if self.shared.contains(slot) => self.world.canonical(&value),
            other => other,
        };
        if let Some(known) = row.vars.get(slot) {
            let same = match (known, &value) {
                // Claims that are the same count as one, but each has chains and links of its own.
                (Value::Act(known), Value::Act(new)) => known == new,
                // Shared, both are what stands for all that is the same.
                (Value::Content(known), Value::Content(new)) => known == new,
                _ => self.world.key(known) == self.world.key(&value),
            };
            return same.then(|| row.clone());
        }
        let mut row = row.clone();
        row.vars.insert(slot.into(), value);
        Some(row)
    }

    fn call(&self, call: &Call, row: &Row) -> Vec<Row> {
        let mut found = Vec::new();
        for tuple in &self.relations[&call.name.text] {
            let mut rows = vec![row.clone()];
            for (arg, value) in call.args.iter().zip(tuple) {
                rows = super::claim::each(&rows, |row| self.argument(arg, value, row));
            }
            found.extend(rows);
        }
        found
    }

    fn argument(&self, arg: &Arg, value: &Value, row: &Row) -> Vec<Row> {
        let passes = match (arg, value) {
            (Arg::Term(Term::Anyone(_)), _) => true,
            (Arg::Term(Term::Var(word)), _) => {
                return self.bind(row, &word.text, value.clone()).into_iter().collect();
            }
            (Arg::Term(term), Value::Entity(entity)) => return self.subject(term, &[*entity], row),
            (Arg::Text(word), Value::Content(content)) => {
                self.contents(&word.text, false).contains(&self.world.meant(*content))
            }
            (Arg::Claim(id), Value::Act(act)) => self.world.act_of(&id.text) == Some(*act),
            _ => false,
        };
        if passes { vec![row.clone()] } else { Vec::new() }
    }

    /// Every combination of arguments for which each rule holds: rules are gone over until nothing more comes out, those first on whose
    /// absence others rest.
    pub(super) fn relations(&mut self, rules: &[DefineRule], asked: &Pattern) {
        let rules = needed(rules, asked);
        self.relations = rules.iter().map(|rule| (rule.name.text.clone(), Vec::new())).collect();
        let strata = strata(&rules);
        for stratum in 0..=strata.values().copied().max().unwrap_or(0) {
            loop {
                let mut changed = false;
                for rule in rules.iter().filter(|rule| strata[&rule.name.text] == stratum) {
                    for tuple in self.rule(rule) {
                        let known = self.relations.get_mut(&rule.name.text).unwrap();
                        if !known.contains(&tuple) {
                            known.push(tuple);
                            changed = true;
                        }
                    }
                }
                if !changed {
                    break;
                }
            }
        }
    }

    fn rule(&self, rule: &DefineRule) -> Vec<Vec<Value>> {
        let inside = self.within(&rule.body);
        let rows = inside.solve(&rule.body, &Row::default());
        let value = |row: &Row, param: &str| row.vars[&format!("?{param}")].clone();
        rows.iter().map(|row| rule.params.iter().map(|param| value(row, &param.text)).collect()).collect()
    }
}

/// The conjunctions of which at least one must hold.
fn conjunctions(pattern: &Pattern) -> Vec<Vec<&Pattern>> {
    match pattern {
        Pattern::Or(parts) => parts.iter().flat_map(conjunctions).collect(),
        Pattern::And(parts) => parts.iter().fold(vec![Vec::new()], |all, part| {
            let more = conjunctions(part);
            all.iter().flat_map(|before| more.iter().map(|after| [&before[..], after].concat())).collect()
        }),
        one => vec![vec![one]],
    }
}

/// Whether a sentence tests a variable without binding it.
fn needs(claim: &Claim) -> bool {
    let tests = |who: &Who| {
        let apart = who.quantifier == Some(Quantifier::None)
            || who.quantifier == Some(Quantifier::Any) && who.terms.len() > 1;
        apart && who.terms.iter().any(|term| matches!(term, Term::Var(_)))
    };
    let inner = match claim.content.as_ref().map(|content| &content.value) {
        Some(ContentValue::Speech(inner)) => needs(inner),
        _ => false,
    };
    inner
        || tests(&claim.who)
        || claim.listener.as_ref().is_some_and(|listener| tests(&listener.who))
        || claim.adjuncts.iter().any(|adjunct| match adjunct {
            Adjunct::About(who) => tests(who),
            Adjunct::Via(via) => via.who.as_ref().is_some_and(tests),
            Adjunct::Said { op, time, .. } => {
                matches!(time.value, TimeValue::Var(_)) && !matches!(op, TimeOp::On | TimeOp::In)
            }
            _ => false,
        })
}

/// The rules that a pattern rests on.
fn needed<'r>(rules: &'r [DefineRule], asked: &Pattern) -> Vec<&'r DefineRule> {
    let mut names = Vec::new();
    calls_of(asked, 0, &mut names);
    let mut found: Vec<&DefineRule> = Vec::new();
    while let Some((name, _)) = names.pop() {
        let rule = rules.iter().find(|rule| rule.name.text == name).unwrap();
        if !found.contains(&rule) {
            found.push(rule);
            calls_of(&rule.body, 0, &mut names);
        }
    }
    found
}

/// For each rule, how many negations it rests on.
fn strata(rules: &[&DefineRule]) -> BTreeMap<String, usize> {
    let mut strata: BTreeMap<String, usize> = rules.iter().map(|r| (r.name.text.clone(), 0)).collect();
    for _ in rules {
        for rule in rules {
            let mut calls = Vec::new();
            calls_of(&rule.body, 0, &mut calls);
            for (name, negations) in calls {
                let needed = strata[&name] + negations;
                let own = strata.get_mut(&rule.name.text).unwrap();
                *own = needed.max(*own);
            }
        }
    }
    strata
}

fn calls_of(pattern: &Pattern, negations: usize, out: &mut Vec<(String, usize)>) {
    match pattern {
        Pattern::And(parts) | Pattern::Or(parts) => parts.iter().for_each(|p| calls_of(p, negations, out)),
        Pattern::Not(inner, _) => calls_of(inner, 1, out),
        Pattern::Call(call) => out.push((call.name.text.clone(), negations)),
        _ => {}
    }
}
