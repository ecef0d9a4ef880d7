//! Safety: every variable must be bound by something positive, so that every question has finitely many answers, found in any order.

use super::super::logical::{
    ClaimPattern, ColumnSource, ContentTest, DocumentTest, EndTest, EntityTest, FigureTest, IsAPattern,
    ListTest, Node, RatedTest, Shown, Slot, SlotId, SlotKind, TimeOperand,
};
use super::super::slots::SlotSet;
use super::Refused;
use crate::diag::{Code, Diagnostic};
use crate::syntax::ast::{Quantifier, TimeOp};

/// Refuses a question with a variable that nothing positive binds, or with a blank that some answers would leave empty.
pub(super) fn check(body: &Node, slots: &[Slot], columns: &[Shown]) -> Refused<()> {
    let named: Vec<SlotId> =
        slots.iter().enumerate().filter(|(_, slot)| slot.variable).map(|(at, _)| SlotId(at as u16)).collect();
    check_bound(body, &named, slots)?;
    let bound = binds(body);
    let open = columns.iter().find_map(|column| match column.source {
        ColumnSource::Slot(slot)
        | ColumnSource::When(slot)
        | ColumnSource::Via(slot, _)
        | ColumnSource::Hedge(slot, _)
            if !bound.contains(slot) =>
        {
            Some((&column.name, slots.get(usize::from(slot.0))?))
        }
        _ => None,
    });
    match open {
        Some((name, slot)) => empty_blank(name, slot),
        None => Ok(()),
    }
}

/// Refuses a body that leaves one of these slots open.
pub(super) fn check_bound(body: &Node, wanted: &[SlotId], slots: &[Slot]) -> Refused<()> {
    let bound = binds(body);
    let open = wanted
        .iter()
        .filter(|slot| !bound.contains(**slot))
        .filter_map(|slot| slots.get(usize::from(slot.0)));
    match open.min_by_key(|slot| slot.span) {
        Some(slot) => unsafe_variable(slot),
        None => Ok(()),
    }
}

/// The same for variables of a rule that are no parameters: each must be bound in the smallest part that holds all its mentions.
pub(super) fn check_own(body: &Node, own: &[SlotId], slots: &[Slot]) -> Refused<()> {
    for slot in own {
        let mut part = body;
        while !binds(part).contains(*slot) {
            let inside = match part {
                Node::All(parts) | Node::Any(parts) => parts.iter().collect(),
                Node::Not(inner) => vec![&**inner],
                _ => Vec::new(),
            };
            let holding: Vec<&Node> =
                inside.into_iter().filter(|inner| names(inner).0.contains(*slot)).collect();
            match holding[..] {
                [one] => part = one,
                [] => break,
                _ => match slots.get(usize::from(slot.0)) {
                    Some(slot) => return unsafe_variable(slot),
                    None => break,
                },
            }
        }
    }
    Ok(())
}

fn unsafe_variable(slot: &Slot) -> Refused<()> {
    let name = &slot.name;
    let message = format!(
        "nothing says what ?{name} is: it stands only under `not`, in one branch of `or`, as one of several, or in a comparison"
    );
    let help = format!("add a sentence that ?{name} is found by, or write `anyone` or `anything`");
    Err(Box::new(Diagnostic::error(Code::UnsafeVariable, slot.span, message).help(help)))
}

/// A blank that stands in one branch of `or`, or as one of several: what it asks for would be missing in some rows.
fn empty_blank(name: &str, slot: &Slot) -> Refused<()> {
    let message = format!(
        "some rows would have no `{name}`: it is asked for only in one branch of `or`, or as one of several after `any of`"
    );
    let help = match slot.kind {
        // `when` and `via` stand for their claim.
        SlotKind::Claim => "ask each branch as a question of its own".to_string(),
        SlotKind::Content => {
            "write a variable, as ?c, that every branch or another sentence tells, or `anything`".to_string()
        }
        _ => "write a variable, as ?x, that every branch or another sentence tells, or `anyone`".to_string(),
    };
    Err(Box::new(Diagnostic::error(Code::UnsafeVariable, slot.span, message).help(help)))
}

/// The slots that hold something in every solution of a node.
fn binds(node: &Node) -> SlotSet {
    slots(node).bound
}

/// Every slot that a node names, and those that it needs filled before.
pub fn names(node: &Node) -> (SlotSet, SlotSet) {
    let Slots { named, needed, .. } = slots(node);
    (named, needed)
}

/// What a node does with slots.
pub(crate) fn slots(node: &Node) -> Slots {
    let mut slots = Slots::default();
    match node {
        Node::All(parts) => {
            parts.iter().for_each(|part| slots.add(&self::slots(part)));
            // What one part of an `and` binds, the next may need.
            slots.needed.remove(&slots.bound);
        }
        Node::Any(parts) => {
            let mut bound: Option<SlotSet> = None;
            for part in parts {
                let part = self::slots(part);
                slots.add(&part);
                match &mut bound {
                    Some(bound) => bound.keep(&part.bound),
                    None => bound = Some(part.bound),
                }
            }
            slots.bound = bound.unwrap_or_default();
        }
        Node::Not(inner) => {
            let Slots { named, .. } = self::slots(inner);
            slots = Slots { bound: SlotSet::default(), needed: named.clone(), named };
        }
        _ => {
            slots.node(node);
            slots.name_all();
            slots.needed.remove(&slots.bound);
        }
    }
    slots
}

/// Every slot that a claim sentence names.
pub fn names_of_claim(pattern: &ClaimPattern) -> SlotSet {
    let mut slots = Slots::default();
    slots.claim(pattern);
    slots.name_all();
    slots.named
}

/// What a node does with slots.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    /// Those that hold something in every solution.
    pub bound: SlotSet,
    /// Those that it needs filled before.
    pub needed: SlotSet,
    /// All that it names.
    pub named: SlotSet,
}

impl Slots {
    fn add(&mut self, part: &Slots) {
        self.bound.add(&part.bound);
        self.needed.add(&part.needed);
        self.named.add(&part.named);
    }

    fn name_all(&mut self) {
        self.named.add(&self.bound);
        self.named.add(&self.needed);
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Claim(pattern) => self.claim(pattern),
            Node::Link(link) => {
                self.end(&link.left);
                self.end(&link.right);
            }
            Node::IsA(isa) => self.isa(isa),
            Node::Rating(rating) => {
                self.term(&rating.assessor);
                match &rating.what {
                    RatedTest::Source(source) => self.term(source),
                    RatedTest::ClaimSlot(slot) => self.bound.insert(*slot),
                    RatedTest::Claim(_) => {}
                }
                self.bound.extend(rating.slot);
                rating.about.iter().for_each(|about| self.list(about));
            }
            Node::Rule { args, .. } => self.bound.extend(args.iter().copied()),
            Node::Fixed { slot, .. } => {
                self.bound.insert(*slot);
            }
            Node::All(_) | Node::Any(_) | Node::Not(_) => {}
        }
    }

    fn claim(&mut self, pattern: &ClaimPattern) {
        self.bound.extend([pattern.claim, pattern.appearance]);
        self.list(&pattern.sources);
        pattern.listeners.iter().for_each(|list| self.list(list));
        self.content(&pattern.content);
        pattern.about.iter().for_each(|list| self.list(list));
        for test in pattern.said.iter().chain(&pattern.period) {
            if let TimeOperand::Slot(slot) = test.time {
                if matches!(test.op, TimeOp::On | TimeOp::In) {
                    self.bound.insert(slot);
                } else {
                    self.needed.insert(slot);
                }
            }
        }
        pattern.chain.via.iter().chain(&pattern.chain.also).for_each(|via| self.list(&via.who));
        if let Some(DocumentTest::Slot(slot)) = pattern.chain.document {
            self.bound.insert(slot);
        }
        pattern.condition.iter().for_each(|condition| self.content(condition));
        for figure in &pattern.figures {
            match figure {
                FigureTest::Slot { slot, .. } => {
                    self.bound.insert(*slot);
                }
                FigureTest::Entity { value, .. } => self.term(value),
                FigureTest::Follows { .. } | FigureTest::Text { .. } => {}
            }
        }
        self.bound.extend(pattern.fields.iter().filter_map(|field| field.value.as_ref().err()).copied());
    }

    fn content(&mut self, content: &ContentTest) {
        match content {
            ContentTest::Slot(slot) | ContentTest::NegatedSlot(slot) | ContentTest::ClaimSlot(slot, _) => {
                self.bound.insert(*slot);
            }
            ContentTest::Speech(inner, _) => self.claim(inner),
            ContentTest::Open
            | ContentTest::Anything
            | ContentTest::OneOf(_)
            | ContentTest::Negative
            | ContentTest::Claim(..) => {}
        }
    }

    fn term(&mut self, term: &EntityTest) {
        if let EntityTest::Slot(slot, _) = term {
            self.bound.insert(*slot);
        }
    }

    /// A list binds its slots where all of it holds; one of several, or none, only tests them.
    fn list(&mut self, list: &ListTest) {
        let slots = super::adjunct::slots_of(list);
        if list.quantifier == Quantifier::All || list.quantifier == Quantifier::Any && list.terms.len() == 1 {
            self.bound.extend(slots);
        } else {
            self.needed.extend(slots);
        }
    }

    fn end(&mut self, end: &EndTest) {
        if let EndTest::Slot(slot) = end {
            self.bound.insert(*slot);
        }
    }

    fn isa(&mut self, isa: &IsAPattern) {
        match isa {
            IsAPattern::Kind { who, .. } | IsAPattern::Named { who, .. } => self.term(who),
            IsAPattern::KindSlot { who, slot } => {
                self.term(who);
                self.bound.insert(*slot);
            }
            IsAPattern::In { who, group, .. } => {
                self.term(who);
                self.term(group);
            }
            IsAPattern::Role { who, slot, of, .. } => {
                self.term(who);
                self.bound.extend(*slot);
                of.iter().for_each(|of| self.term(of));
            }
        }
    }
}
