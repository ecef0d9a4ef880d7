//! Which rules are named, and which come back to themselves, told from their text alone.

use super::ast::{Ask, AskBody, DefineRule, Pattern};

/// The rules that a pattern names, and whether under `not`.
fn calls<'p>(pattern: &'p Pattern, negated: bool, out: &mut Vec<(&'p str, bool)>) {
    match pattern {
        Pattern::And(parts) | Pattern::Or(parts) => parts.iter().for_each(|part| calls(part, negated, out)),
        Pattern::Not(inner, _) => calls(inner, true, out),
        Pattern::Call(call) => out.push((&call.name.text, negated)),
        _ => {}
    }
}

/// Whether a question names a rule.
pub fn names_rules(ask: &Ask) -> bool {
    let mut named = Vec::new();
    if let AskBody::Pattern(pattern) = &ask.body {
        calls(pattern, false, &mut named);
    }
    !named.is_empty()
}

/// Every rule that a rule comes to, itself included where it is recursive.
fn reached<'p>(rule: &'p DefineRule, rules: &'p [DefineRule]) -> Vec<&'p str> {
    let mut found: Vec<&str> = Vec::new();
    let mut left = Vec::new();
    calls(&rule.body, false, &mut left);
    while let Some((name, _)) = left.pop() {
        if !found.contains(&name) {
            found.push(name);
            let named = rules.iter().filter(|rule| rule.name.text == name);
            named.for_each(|rule| calls(&rule.body, false, &mut left));
        }
    }
    found
}

/// Whether a rule comes back to itself, through whichever others.
pub fn is_recursive(rule: &DefineRule, rules: &[DefineRule]) -> bool {
    reached(rule, rules).contains(&rule.name.text.as_str())
}

/// The rule that is denied on the way from a rule back to itself, if any: such a rule would have no defined answer.
pub fn denied_by_itself<'p>(rule: &'p DefineRule, rules: &'p [DefineRule]) -> Option<&'p str> {
    let own = rule.name.text.as_str();
    let onward = reached(rule, rules);
    let circle: Vec<&DefineRule> = rules
        .iter()
        .filter(|other| other.name.text == own || onward.contains(&other.name.text.as_str()))
        .filter(|other| reached(other, rules).contains(&own))
        .collect();
    let inside = |name: &str| circle.iter().any(|other| other.name.text == name);
    circle.iter().find_map(|member| {
        let mut named = Vec::new();
        calls(&member.body, false, &mut named);
        named.into_iter().find(|(name, negated)| *negated && inside(name)).map(|(name, _)| name)
    })
}
