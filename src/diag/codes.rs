//! The list of every diagnostic code, each with what it means. Codes are stable: scripts rely on them, so a code is
//! never given a new meaning, and a retired one is never reused.

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal,)+) => {
        /// A stable diagnostic code, such as `E101`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// Every code there is, in order.
            pub const ALL: &'static [Code] = &[$(Code::$name,)+];

            /// The code as users see it: `E` errors, `W` warnings.
            pub const fn id(self) -> &'static str {
                match self { $(Code::$name => $id,)+ }
            }

            /// What it means and what to do, in plain words.
            pub const fn explanation(self) -> &'static str {
                match self { $(Code::$name => concat!($($doc, "\n"),+),)+ }
            }
        }
    };
}

codes! {
    // E1..: the sentence does not parse.
    /// The sentence is not in the language here; the message says what would have fitted.
    Syntax = "E101",
    /// A quote, bracket, brace or parenthesis is opened and never closed.
    Unclosed = "E102",
    /// Quotes are only for what was said; a name is bare (`Vladimir Putin`) or in brackets (`[Bank of America]`).
    QuotedName = "E103",
    /// A name begins with a capital or a caseless letter; any other goes in brackets: `[van der Leyen]`.
    LowercaseName = "E104",
    /// A name holds a small word (`of`, `the`, `and`) or a dot, so it needs brackets: `[Bank of America]`.
    UnbracketedName = "E105",
    /// `and` and `or` are mixed without brackets, or used inside a list; English leaves the meaning open, so say which.
    AndOr = "E106",
    /// `did not say`, `not said`: three things in English; choose one of them.
    NotSaid = "E107",
    /// A date is written 2025-12-01, or 2025-12, or 2025.
    DateForm = "E108",
    /// A stage such as `where`, `show` or `count` stands behind a `|`.
    MissingBar = "E109",
    /// A word of the language in a place where it does not belong.
    MisplacedWord = "E110",
    /// A word that looks like a misspelt keyword.
    Misspelt = "E111",
    /// The text is nested deeper, or is longer, than any sentence needs to be.
    TooDeep = "E112",
    /// A statement ends with `.`, a question with `?`; this one has the wrong one or none where it matters.
    WrongEnd = "E113",
    /// The file asks for a newer version of the language than this program reads.
    NewerLanguage = "E114",
    /// The text is not valid UTF-8.
    Encoding = "E115",
    /// The sentence is longer than any sentence may be, or has more parts: split it into several.
    TooLong = "E116",

    // E2..: the sentence parses and does not make sense.
    /// The verb is not in the lexicon; `define verb slammed as asserted.` adds one.
    UnknownVerb = "E201",
    /// No such field on this kind of thing.
    UnknownField = "E202",
    /// No entity of this name, and what nobody is called is an error here: `--strict` was asked for, or a drawing.
    UnknownNameStrict = "E203",
    /// The name fits several entities; choose one with `[Georgia|country]`.
    AmbiguousName = "E204",
    /// A statement holds a blank (`who`, `?x`, `anyone`): only questions have blanks.
    BlankInStatement = "E205",
    /// Two blanks of a kind in one question need names: `?a`, `?b`.
    RepeatedBlank = "E206",
    /// A variable that nothing positive binds, or a blank that some rows would leave empty: it stands only under `not`, in one branch of `or`,
    /// as one of several, or in a comparison.
    UnsafeVariable = "E207",
    /// A variable is used for two different kinds of thing.
    KindClash = "E208",
    /// A `$parameter` has no value.
    UnknownParameter = "E209",
    /// No claim with this id.
    UnknownClaim = "E210",
    /// No rule with this name, or with another number of arguments.
    UnknownRule = "E211",
    /// A rule that depends on its own negation has no answer.
    Unstratified = "E212",
    /// This name, verb or id is defined already, and differently.
    Redefinition = "E213",
    /// A comparison between things that cannot be compared.
    BadComparison = "E214",
    /// A regular expression that cannot be read or would grow too large.
    BadPattern = "E215",
    /// A value that its field does not allow.
    BadValue = "E216",
    /// A day, month or hour that does not exist, or an interval that ends before it starts.
    BadTime = "E217",
    /// The verb takes no listener without `to`; what was spoken about goes after `about`.
    NoListener = "E218",
    /// A column that the question does not have.
    UnknownColumn = "E219",
    /// The claim would be its own content, or a thing is linked to itself.
    Circular = "E221",
    /// A number with more digits than can be kept exactly.
    BadNumber = "E222",
    /// The statement needs something it does not have.
    Incomplete = "E223",
    /// The question asked for more rows, steps, time or memory than its limit, or was stopped.
    Limit = "E224",
    /// A statement cannot be recorded here: the graph was opened for reading.
    ReadOnly = "E225",
    /// A mapping of a table, or a part of one, where there is no table; `--map` names the file of a mapping.
    OutsideMapping = "E226",
    /// No document of this address or name.
    UnknownDocument = "E227",

    // E3..: a file or its data.
    /// The file cannot be opened or read.
    FileRead = "E301",
    /// The file cannot be written.
    FileWrite = "E302",
    /// The snapshot is damaged, and the section that is.
    Damaged = "E303",
    /// The file is not a dixit snapshot, or one of a newer format.
    Foreign = "E304",
    /// A row that is not one JSON object.
    BadJson = "E305",
    /// A key that a row may not have.
    UnknownKey = "E306",
    /// A row whose values do not make a claim.
    BadRow = "E307",
    /// More bad rows than `--max-errors` allows.
    TooManyErrors = "E308",
    /// More than the format can hold.
    TooLarge = "E309",
    /// The table has no such column, or several of that name.
    NoColumn = "E310",
    /// A table is read through a mapping, which `--map` names before it.
    NoMapping = "E311",
    /// A row of a table with more or fewer cells than there are columns, or with a quote that is never closed.
    BadTableRow = "E312",
    /// Another process writes this graph, and one writer at a time does. Readers go on.
    Locked = "E313",
    /// A statement, or what was loaded, could not be written to disk. Everything acknowledged before is there; nothing more is written until
    /// the graph is opened again.
    NotWritten = "E314",
    /// The journal of a snapshot is damaged, belongs to another snapshot, or holds a statement that is refused. It is never passed over
    /// in silence: what stands in it was acknowledged. `dixit compact --before-damage` keeps what stands before the damage.
    Journal = "E315",

    // W..: taken, and worth a look.
    /// No entity of this name: the question is answered, with no rows for it.
    UnknownName = "W401",
    /// Two expressions for one time disagree; both are kept.
    TimesDisagree = "W402",
    /// The name was found through another script.
    ScriptVariant = "W403",
    /// A claim is dated after its own publication.
    SaidAfterPublished = "W404",
    /// This document or claim was given a second, different value for the same field; the first is kept.
    ConflictingDetail = "W405",
    /// A claim without an explicit id is referred to by number, which depends on the order of loading.
    UnstableId = "W406",
    /// A question in a file of facts was read and not asked.
    QuestionSkipped = "W407",
    /// A unit is missing where others of the same measure have one.
    MissingUnit = "W409",
    /// The end of a journal was never finished, as when the machine stopped in the middle of writing: nobody was told that it was kept, and
    /// it is left out.
    JournalCut = "W410",
    /// The words at the end of a link are known only with other terms (`"10 died" with dead = 10`), which make it another content. The
    /// link holds for the one that was written.
    OtherTerms = "W411",
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn ids_are_unique_and_explained() {
        let mut ids: Vec<_> = Code::ALL.iter().map(|c| c.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|c| c.explanation().len() > 20));
    }
}
