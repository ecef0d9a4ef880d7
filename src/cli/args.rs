//! The arguments, and what `--help` teaches.

use crate::eval::MOST_SOLUTIONS;
use bytesize::ByteSize;
use clap::{ArgMatches, Args as ClapArgs, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// Everything on the command line.
#[derive(Debug, Parser)]
#[command(
    name = "dixit",
    version,
    about = "Who said what, and how do we know? Ask a graph of attributed claims in sentences.",
    args_conflicts_with_subcommands = true,
    after_help = EXAMPLES
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub options: Options,
}

const EXAMPLES: &str = "\
Examples:
  dixit samples/peace-talks.dixit
      open the shell on a file of statements
  dixit -c 'who asserted what about Pokrovsk?' samples/peace-talks.dixit
      ask one question
  dixit -f samples/questions.dixit --param since=2025-11-01 samples/peace-talks.dixit
      run a batch of questions
  dixit --format json -c 'who said what via Reuters?' news.jsonl archive.dixg
      several files of any kind are one graph
  dixit build claims.jsonl -o claims.dixg
      build a snapshot, reporting every bad line
  dixit build more.jsonl --onto claims.dixg -o larger.dixg
      add files to a snapshot
  dixit draw '#19a' samples/peace-talks.dixit
      draw how a claim came
  dixit --write claims.dixg
      open the shell; what is told stays, whatever happens
  dixit build --map events.dixit events.csv --rejects bad.csv -o events.dixg
      read a table through a mapping, which says how a row is told

Files: .dixit (sentences), .jsonl (a claim a line), .dixg (snapshot); behind --map any table.
Exit status: 0 fine, also with no rows; 1 a sentence or data was wrong; 2 usage, or a file
could not be read; 3 no rows under --fail-if-empty; 130 interrupted.";

/// What to ask, and how to answer.
#[derive(Debug, ClapArgs)]
pub(super) struct Options {
    /// Files to load into one graph: .dixit, .jsonl, .dixg, and behind a --map tables
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// How the tables behind it become claims: a .dixit file with a mapping; each holds up to the next
    #[arg(long = "map", value_name = "MAPPING")]
    pub maps: Vec<PathBuf>,
    #[command(flatten)]
    pub writing: Writing,
    /// Run these sentences; may be given several times
    #[arg(short = 'c', long = "command", value_name = "SENTENCE")]
    pub commands: Vec<String>,
    /// Run the sentences of a file, `-` for standard input; may be given several times
    #[arg(short = 'f', long = "file", value_name = "BATCH")]
    pub batches: Vec<PathBuf>,
    /// How to write answers [default: table on a terminal, else tsv]
    #[arg(long, value_enum)]
    pub format: Option<FormatArg>,
    /// Give $NAME a value
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    pub params: Vec<(String, String)>,
    /// Make a name that nobody has an error, not a warning
    #[arg(long)]
    pub strict: bool,
    /// Go on after an error
    #[arg(long)]
    pub keep_going: bool,
    /// End with status 3 if a question has no rows
    #[arg(long)]
    pub fail_if_empty: bool,
    /// Give a question up after so many seconds, as 30 or 0.5
    #[arg(long, value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true)]
    pub timeout: Option<Duration>,
    /// Give a question up that has more solutions than this before its pipeline
    #[arg(long, value_name = "N", default_value_t = MOST_SOLUTIONS)]
    pub max_solutions: usize,
    /// Give a question up that keeps more memory than this beside the graph, as 500MB or 2GiB
    #[arg(long, value_name = "SIZE", value_parser = bytes, allow_negative_numbers = true)]
    pub memory: Option<usize>,
    #[command(flatten)]
    pub opening: Opening,
    /// Colours
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// How to write errors on standard error
    #[arg(long, value_enum, default_value_t = Errors::Text)]
    pub errors: Errors,
}

/// How the shell opens.
#[derive(Debug, ClapArgs)]
pub(super) struct Opening {
    /// Open the shell without the settings of its file
    #[arg(long)]
    pub no_init: bool,
}

/// What is written, and when that is told.
#[derive(Debug, ClapArgs)]
pub(super) struct Writing {
    /// Write this snapshot: every statement is on disk before the next is read. It is made where there is none
    #[arg(long, value_name = "GRAPH.dixg")]
    pub write: Option<PathBuf>,
    /// With --write: wait for the disk once for many statements, not for each
    #[arg(long, requires = "write")]
    pub batch: bool,
    /// With --write: print the claims of each statement once it is on disk, as `#c1 #c2`, or `noted`; reads standard input as it comes
    #[arg(long, requires = "write")]
    pub ack: bool,
}

/// The commands beside asking.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Build a snapshot from files, reporting every bad sentence and line
    Build(Later<Build>),
    /// Fold the journal of a snapshot into it
    Compact(Later<Compact>),
    /// Draw how a claim came, what is said about a name, or a timeline
    Draw(Later<Draw>),
    /// Tell what a snapshot holds
    Info(Later<Info>),
    /// Report every error and everything that deserves a look
    Check(Later<Check>),
    /// Rewrite .dixit files in their canonical form
    Fmt(Later<Fmt>),
    /// Write a graph as .dixit or .jsonl, losing nothing
    Export(Later<Export>),
    /// Explain an error code such as E106, or all of them
    ExplainError(Later<ExplainError>),
    /// Write completions for a shell, to be put where it looks for them
    Completions(Later<Completions>),
    /// Write the manual page: dixit man > dixit.1
    Man,
}

/// Arguments of a command that are described when it is given, and not before: most processes only ask.
#[derive(Debug)]
pub(super) struct Later<T>(pub T);

impl<T: ClapArgs> ClapArgs for Later<T> {
    fn augment_args(command: clap::Command) -> clap::Command {
        command.defer(T::augment_args)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        command.defer(T::augment_args_for_update)
    }
}

impl<T: FromArgMatches> FromArgMatches for Later<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        T::from_arg_matches(matches).map(Later)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

#[derive(Debug, ClapArgs)]
pub(super) struct Build {
    /// Files to build from
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// How the tables behind it become claims: a .dixit file with a mapping; each holds up to the next
    #[arg(long = "map", value_name = "MAPPING")]
    pub maps: Vec<PathBuf>,
    /// Add the files to this snapshot, which stays as it is
    #[arg(long, value_name = "GRAPH.dixg")]
    pub onto: Option<PathBuf>,
    /// The snapshot to write
    #[arg(short, long, value_name = "GRAPH.dixg")]
    pub output: PathBuf,
    /// Give up when more sentences or lines than this are wrong in a file
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub max_errors: u64,
    /// Keep the refused rows of the table in this file, as they were
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// How to write errors on standard error
    #[arg(long, value_enum, default_value_t = Errors::Text)]
    pub errors: Errors,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Compact {
    /// The snapshot
    #[arg(value_name = "GRAPH.dixg")]
    pub file: PathBuf,
    /// Keep what stands before the damage of a damaged journal, which stays beside as GRAPH.dixg.journal.damaged
    #[arg(long)]
    pub before_damage: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Draw {
    /// A claim as '#c1', a name, 'timeline NAME', or a question
    #[arg(value_name = "WHAT")]
    pub what: String,
    /// The graph: a snapshot, or any files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// How to draw it [default: by the ending of --output, else text]
    #[arg(long = "as", value_enum, value_name = "FORM")]
    pub form: Option<DrawForm>,
    /// Where to write it [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write it also where a file is that holds something
    #[arg(long)]
    pub force: bool,
    /// How to write errors on standard error
    #[arg(long, value_enum, default_value_t = Errors::Text)]
    pub errors: Errors,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DrawForm {
    Text,
    Svg,
    Dot,
}

impl DrawForm {
    pub(super) fn drawing(self) -> crate::render::Drawing {
        use crate::render::Drawing;
        match self {
            DrawForm::Text => Drawing::Text,
            DrawForm::Svg => Drawing::Svg,
            DrawForm::Dot => Drawing::Dot,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub(super) struct Info {
    /// The snapshot
    #[arg(value_name = "GRAPH.dixg")]
    pub file: PathBuf,
    /// How to write it
    #[arg(long, value_enum, default_value_t = InfoForm::Text)]
    pub format: InfoForm,
    /// The same as `--format json`
    #[arg(long, hide = true)]
    pub json: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Check {
    /// Files to check, together as one graph
    #[arg(value_name = "FILE", required_unless_present = "maps")]
    pub files: Vec<PathBuf>,
    /// How the tables behind it become claims: a .dixit file with a mapping; each holds up to the next
    #[arg(long = "map", value_name = "MAPPING")]
    pub maps: Vec<PathBuf>,
    /// How to write errors on standard error
    #[arg(long, value_enum, default_value_t = Errors::Text)]
    pub errors: Errors,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Fmt {
    /// Files to rewrite in place; `-` reads standard input and writes standard output
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Change nothing; end with status 1 if anything would change
    #[arg(long)]
    pub check: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Export {
    /// The graph: a snapshot, or any files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// How the tables behind it become claims: a .dixit file with a mapping; each holds up to the next
    #[arg(long = "map", value_name = "MAPPING")]
    pub maps: Vec<PathBuf>,
    /// What to write
    #[arg(long, value_enum, default_value_t = ExportForm::Dixit)]
    pub to: ExportForm,
    /// Where to write it [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write it also where a file is that holds something
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Completions {
    /// Which shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ExplainError {
    /// The code, as E106 or W401 [default: all codes]
    pub code: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatArg {
    Table,
    Csv,
    Tsv,
    Json,
    Jsonl,
    Markdown,
    Line,
    Dot,
    Svg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Errors {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum InfoForm {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportForm {
    Dixit,
    Jsonl,
}

impl FormatArg {
    pub(super) fn format(self) -> crate::render::Format {
        use crate::render::Format;
        match self {
            FormatArg::Table => Format::Table,
            FormatArg::Csv => Format::Csv,
            FormatArg::Tsv => Format::Tsv,
            FormatArg::Json => Format::Json,
            FormatArg::Jsonl => Format::Jsonl,
            FormatArg::Markdown => Format::Markdown,
            FormatArg::Line => Format::Line,
            FormatArg::Dot => Format::Dot,
            FormatArg::Svg => Format::Svg,
        }
    }
}

/// One thing to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Sentences from the command line.
    Text(String),
    /// A batch file; `-` is standard input.
    File(PathBuf),
}

/// The sentences and batch files in the order given, whichever way each was.
pub(super) fn pieces(options: &Options, matches: &ArgMatches) -> Vec<Piece> {
    let at = |id: &str| matches.indices_of(id).into_iter().flatten();
    let texts = at("commands").zip(options.commands.iter().cloned().map(Piece::Text));
    let files = at("batches").zip(options.batches.iter().cloned().map(Piece::File));
    let mut all: Vec<(usize, Piece)> = texts.chain(files).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, piece)| piece).collect()
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.ok_or_else(|| "write a number of seconds, as 30 or 0.5".into())
}

/// A size in bytes, as people write it.
pub(super) fn bytes(text: &str) -> Result<usize, String> {
    let size = text.parse::<ByteSize>().ok().and_then(|size| usize::try_from(size.as_u64()).ok());
    size.ok_or_else(|| "write a size, as 500MB or 2GiB".into())
}

fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.trim_start_matches('$').into(), value.into())),
        _ => Err("write it as name=value".into()),
    }
}
