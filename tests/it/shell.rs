//! The shell on a terminal of its own: keys go in, what stands on the screen comes out.

use super::cli::{folder, many};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The longest that anything here should take, on a slow machine too.
const PATIENCE: Duration = Duration::from_mins(1);

/// A shell, or another command, on a terminal.
pub(crate) struct Terminal {
    keys: File,
    screen: Receiver<Vec<u8>>,
    /// What was written and not looked at yet.
    unread: String,
    /// What stands on the screen.
    pub shown: vt100::Parser,
    child: Child,
}

impl Terminal {
    /// Starts the shell in a folder, where its history is kept too.
    fn open(folder: &Path, args: &[&str]) -> Terminal {
        let mut opened = Terminal::start(folder, args);
        opened.until("dixit> ");
        opened
    }

    /// Starts a command in a folder.
    pub(crate) fn start(folder: &Path, args: &[&str]) -> Terminal {
        Terminal::sized(folder, args, (30, 100), "cat")
    }

    /// Starts a command on a terminal of so many lines and columns, with a pager.
    pub(crate) fn sized(folder: &Path, args: &[&str], (lines, columns): (u16, u16), pager: &str) -> Terminal {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        // Whatever else is started holds no end of it: the command would never see its terminal go.
        rustix::io::fcntl_setfd(&controller, rustix::io::FdFlags::CLOEXEC).unwrap();
        grantpt(&controller).unwrap();
        unlockpt(&controller).unwrap();
        let name = ptsname(&controller, Vec::new()).unwrap();
        let terminal = File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
        tcsetwinsize(
            terminal.as_fd(),
            Winsize { ws_row: lines, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 },
        )
        .unwrap();
        let stdio = || terminal.try_clone().unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_dixit"))
            .args(args)
            .current_dir(folder)
            .env("TERM", "xterm")
            .env("XDG_STATE_HOME", folder.join("state"))
            .env("XDG_CONFIG_HOME", folder.join("config"))
            .env("PAGER", pager)
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .stdin(stdio())
            .stdout(stdio())
            .stderr(stdio())
            .spawn()
            .unwrap();
        let screen = follow(&controller);
        let shown = vt100::Parser::new(lines, columns, 0);
        Terminal { keys: File::from(controller), screen, unread: String::new(), shown, child }
    }

    /// What Ctrl-C does to a command that does not read the terminal.
    pub(crate) fn interrupt(&self) {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
    }

    /// Waits until something is written, and gives back what came before it.
    pub(crate) fn until(&mut self, wanted: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.unread.find(wanted) {
                let rest = self.unread.split_off(at + wanted.len());
                let mut before = std::mem::replace(&mut self.unread, rest);
                before.truncate(at);
                return before;
            }
            let left = end.saturating_duration_since(Instant::now());
            let Ok(bytes) = self.screen.recv_timeout(left) else {
                panic!("`{wanted}` never came; this did: {:?}", self.unread);
            };
            self.unread.push_str(&plain(&bytes));
            self.shown.process(&bytes);
        }
    }

    /// Looks at what is written within some time; whether anything was.
    pub(crate) fn look(&mut self, patience: Duration) -> bool {
        let Ok(bytes) = self.screen.recv_timeout(patience) else { return false };
        self.shown.process(&bytes);
        true
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Types a line and gives back what is written until the next prompt.
    fn line(&mut self, text: &str) -> String {
        self.press(text);
        self.press("\r");
        // The end of the line as the editor leaves it, then what comes of it.
        self.until("\n");
        self.until("dixit> ")
    }

    /// Waits for the end.
    pub(crate) fn ended(mut self) -> Option<i32> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        self.child.kill().unwrap();
        panic!("the shell does not end; on the screen: {:?}", self.unread);
    }
}

/// Reads a terminal as it is written to. What arrives is handed over whole, at the ends of characters.
fn follow(controller: &OwnedFd) -> Receiver<Vec<u8>> {
    let mut from = File::from(controller.try_clone().unwrap());
    let (send, screen) = channel();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        let mut bytes = [0; 4096];
        // When the shell is gone, reading fails.
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            kept.extend_from_slice(&bytes[..count]);
            let whole = std::str::from_utf8(&kept).map_or_else(|error| error.valid_up_to(), str::len);
            let open =
                kept[..whole].iter().rposition(|byte| *byte == 0x1b).filter(|at| !closed(&kept[*at..whole]));
            let rest = kept.split_off(open.unwrap_or(whole));
            if send.send(std::mem::replace(&mut kept, rest)).is_err() {
                break;
            }
        }
    });
    screen
}

/// Whether a command to the terminal is there to its last byte.
fn closed(command: &[u8]) -> bool {
    match command.get(1) {
        Some(b'[') => command[2..].iter().any(|byte| (0x40..0x7f).contains(byte)),
        other => other.is_some(),
    }
}

/// Text without commands to the terminal.
fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => {
                if chars.next() == Some('[') {
                    chars.by_ref().find(|c| ('\u{40}'..'\u{7f}').contains(c));
                }
            }
            '\r' => {}
            c => out.push(c),
        }
    }
    out
}

const FACTS: &str = "\
Anna said \"the dam leaks\" about Dam on 2025-12-01 via Reuters.
[Bank of Oslo] denied \"the dam leaks\" about Dam on 2025-12-02.
";

fn shell(files: &[(&str, &str)], args: &[&str]) -> (TempDir, Terminal) {
    let folder = folder(&[&[("a.dixit", FACTS)], files].concat());
    let terminal = Terminal::open(folder.path(), &[&["--color", "never", "a.dixit"], args].concat());
    (folder, terminal)
}

#[test]
fn questions_are_answered_as_tables_and_facts_are_there_at_once() {
    let (_folder, mut shell) = shell(&[], &[]);
    let table = shell.line("who said what about Dam?");
    assert!(
        table.contains("who           what") && table.contains("──") && table.contains("2 rows"),
        "{table}"
    );
    assert!(shell.line("Cem said \"it holds\" about Dam.").contains("recorded as #_3"));
    assert!(shell.line("Cem said \"it holds\" about Dam.").contains("known already"));
    assert!(shell.line("Cem said what").contains("it holds"));
    assert!(shell.line("who sayd what?").contains("E201"));
    assert!(shell.line(".mode json").is_empty());
    assert!(shell.line("Cem said what | show what").contains("\"it holds\""));

    // There is something to lose, and that is said once.
    assert!(shell.line(".quit").contains("1 fact is in no file"));
    shell.press(".quit\r");
    assert_eq!(shell.ended(), Some(0));
}

#[test]
fn saving_keeps_what_was_told() {
    let (folder, mut shell) =
        shell(&[("notes.dixg", "no snapshot"), ("b.dixit", "Dan said \"x\". Dan said what?")], &[]);
    shell.line("Cem said \"it holds\".");
    let rows = "{\"speaker\":\"Anna\",\"proposition\":\"p\"}\n";
    std::fs::write(folder.path().join("r.jsonl"), rows).unwrap();
    for taken in [
        ".save notes.dixg",
        ".save a.dixit",
        ".output a.dixit",
        ".output notes.dixg",
        ".output r.jsonl",
        ".output \"r.jsonl\"",
        ".output .",
    ] {
        assert!(shell.line(taken).contains("choose another name"), "{taken}");
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("r.jsonl")).unwrap(), rows);
    assert!(shell.line(".output ! r.jsonl").contains("answers go to r.jsonl"));
    assert!(shell.line(".output /dev/null").contains("answers go to /dev/null"));
    shell.line(".output off");
    assert_eq!(std::fs::read_to_string(folder.path().join("r.jsonl")).unwrap(), "");
    assert!(shell.line(".output r.jsonl").contains("answers go to r.jsonl"));
    shell.line(".output off");
    assert!(shell.line(".save g.dixg").contains("saved to g.dixg"));
    assert!(shell.line(".read b.dixit").contains("1 row"));
    assert!(shell.line(".read none.dixit").contains("there is no such file"));
    assert!(shell.line(".open g.dixg").contains("taken"));
    shell.press(".quit\r");
    assert_eq!(shell.ended(), Some(0));
    assert_eq!(std::fs::read_to_string(folder.path().join("a.dixit")).unwrap(), FACTS);
    let mut shell = Terminal::open(folder.path(), &["g.dixg"]);
    assert!(shell.line("Cem said what?").contains("it holds"));
    shell.press("\u{4}");
    assert_eq!(shell.ended(), Some(0));
}

#[test]
fn a_sentence_may_take_several_lines_and_is_one_entry_of_the_history() {
    let (folder, mut shell) = shell(&[], &[]);
    shell.press("who said what about Dam\r");
    // A question is whole without its mark; what breaks off is not whole.
    assert!(shell.until("dixit> ").contains("2 rows"));
    shell.press("Cem said \"it holds\" about\r");
    shell.until("\n");
    shell.press("  Dam.\r");
    assert!(shell.until("dixit> ").contains("recorded as"));
    shell.press("\u{10}");
    let recalled = shell.until("  Dam.");
    assert!(recalled.contains("Cem said \"it holds\" about\n"), "{recalled:?}");
    shell.press("\r");
    assert!(shell.until("dixit> ").contains("known already"));
    let path = folder.path().join("state/dixit/history");
    let history = std::fs::read_to_string(&path).unwrap();
    assert!(history.contains("who said what about Dam\n"), "{history}");
    // What was asked is nobody else's business.
    let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
    assert_eq!(mode & 0o077, 0);
    // Of several sentences each is an entry, also where they came at once.
    assert!(shell.line("Anna said what | count; Anna said what | take 1").contains("1 row"));
    let history = std::fs::read_to_string(&path).unwrap();
    assert!(history.ends_with("\nAnna said what | take 1\n"), "{history}");
    shell.press("\u{4}");
    assert!(shell.until("dixit> ").contains("in no file"));
    shell.press("\u{4}");
    assert_eq!(shell.ended(), Some(0));

    let mut again = Terminal::open(folder.path(), &["--color", "never", "a.dixit"]);
    again.press("\u{10}\u{10}\u{10}\u{10}\r");
    assert!(again.until("rows").contains("Anna"));
}

#[test]
fn what_is_typed_ahead_is_not_lost() {
    let (_folder, mut shell) = shell(&[], &[]);
    // One burst, as when lines are pasted that the terminal does not mark as pasted, or typed while an answer is awaited.
    shell.press("Anna said what | count\rCem said \"it holds\" about\nDam.\rwho said what | cou");
    for wanted in ["1 row", "recorded as #_3"] {
        shell.until(wanted);
    }
    shell.press("nt\r");
    assert!(shell.until("1 row").contains('3'));
    shell.until("dixit> ");
    shell.press("\u{4}");
    shell.until("in no file");
    shell.press("\u{4}");
    assert_eq!(shell.ended(), Some(0));
}

#[test]
fn ctrl_d_that_is_typed_while_an_answer_comes_leaves_behind_it() {
    let folder = folder(&[("a.dixit", FACTS)]);
    let slow = "sh -c 'cat; echo shown; sleep 1'";
    let args = ["--color", "never", "a.dixit"];
    let mut shell = Terminal::sized(folder.path(), &args, (30, 100), slow);
    shell.until("dixit> ");
    // Ctrl-Space sends the same, and is nothing.
    std::thread::sleep(Duration::from_millis(600));
    shell.press("\0.pager on\r");
    shell.until("dixit> ");
    shell.press("who said what about Dam\r");
    shell.until("shown");
    shell.press("Anna said what | count\r\u{4}");
    shell.until("shown");
    assert_eq!(shell.ended(), Some(0));
}

#[test]
fn enter_tells_of_what_nothing_can_mend_and_an_empty_line_of_the_rest() {
    let (_folder, mut shell) = shell(&[], &[]);
    for (wrong, told) in [
        ("show me all claims", "E110"),
        ("who said what about dam", "E104"),
        ("who said \"the dam", "E102"),
        ("help", ".examples"),
    ] {
        assert!(shell.line(wrong).contains(told), "{wrong}");
    }
    shell.press("who said what about\r");
    shell.until("\n");
    let told = shell.line("");
    assert!(told.contains("E101"), "{told:?}");
    shell.press("exit\r");
    assert_eq!(shell.ended(), Some(0));
}

#[test]
fn ctrl_c_abandons_the_line_and_twice_on_an_empty_one_leaves() {
    let (_folder, mut shell) = shell(&[], &[]);
    shell.press("who said \u{3}");
    shell.until("who said");
    let after = shell.until("dixit> ");
    assert!(!after.contains("leaves"), "{after:?}");
    assert!(shell.line("Anna said what?").contains("the dam leaks"));
    shell.press("\u{3}");
    assert!(shell.until("dixit> ").contains("Ctrl-C again"));
    shell.press("\u{3}");
    assert_eq!(shell.ended(), Some(0));
}

#[test]
fn ctrl_c_stops_a_question_and_not_the_shell() {
    let (_folder, mut shell) = shell(&[("m.jsonl", &many())], &["m.jsonl"]);
    shell.press("?a said ?c and ?b said ?d | show ?a, ?b\r");
    shell.until("\n");
    std::thread::sleep(Duration::from_millis(300));
    kill_process(Pid::from_child(&shell.child), Signal::INT).unwrap();
    assert!(shell.until("dixit> ").contains("stopped"));
    assert!(shell.line("who said what | count").contains("4002"));
    // A table on a terminal is cut, and says how to see the rest.
    assert!(shell.line("who said what | show who").contains("40 of 4002 rows"));
    assert!(shell.line(".last").contains("Person 3999"));
    shell.press("\u{4}");
    assert_eq!(shell.ended(), Some(0));
}

#[test]
fn tab_completes_by_the_place() {
    let (_folder, mut shell) = shell(&[], &[]);
    for (typed, wanted) in [
        ("who said what about da\t", "about Dam"),
        ("who said what about bank o\t", "[Bank of Oslo]"),
        (".ech\t", ".echo"),
    ] {
        shell.press(typed);
        shell.until(wanted);
        shell.press("\u{15}\u{15}");
    }
    shell.press("who said what | ta\t 1\r");
    shell.until("1 row\n");
    shell.until("dixit> ");
    shell.press("\u{4}");
    assert_eq!(shell.ended(), Some(0));
}

#[test]
fn commands_of_the_shell() {
    let (folder, mut shell) = shell(&[], &[]);
    let help = shell.line(".help");
    for command in [".examples", ".verbs", ".names", ".save", ".mode", ".timer", ".last", ".quit"] {
        assert!(help.contains(command), "{command}");
    }
    assert!(shell.line("? stages").contains("summarize"));
    assert!(shell.line(".help nonsense").contains("no help on"));
    // Examples are about what is in the graph, and so have answers.
    assert!(shell.line(".examples").contains("who asserted what about Dam?"));
    assert!(shell.line(".examples 5").contains("the dam leaks"));
    assert!(shell.line(".verbs deni").contains("denied"));
    assert_eq!(shell.line(".names b"), "Bank of Oslo\n");
    assert!(shell.line(".draw Damm").contains("did you mean Dam?"));
    assert!(shell.line(".draw Dam").contains("Anna"));
    assert!(shell.line("who said what about Damm").contains("W401"));
    assert!(shell.line(".hlep").contains("did you mean .help?"));
    assert!(shell.line(".mode xml").contains("markdown"));
    assert!(shell.line(".echo on").contains("on"));
    assert!(shell.line("Anna said what?").contains("-- "));
    assert!(shell.line(".timer on").contains("on"));
    assert!(shell.line("Anna said what?").contains(" ms"));
    assert!(shell.line(".output out.txt").contains("answers go to out.txt"));
    assert!(!shell.line("Anna said what?").contains("dam leaks"));
    assert!(shell.line(".output off").contains("terminal"));
    assert!(std::fs::read_to_string(folder.path().join("out.txt")).unwrap().contains("dam leaks"));
    shell.press(".quit\r");
    assert_eq!(shell.ended(), Some(0));
}

#[test]
fn prose_is_wrapped_between_words_on_a_narrow_terminal() {
    let folder = folder(&[("a.dixit", FACTS)]);
    let mut shell = Terminal::sized(folder.path(), &["--color", "never", "a.dixit"], (30, 44), "cat");
    let greeting = shell.until("dixit> ");
    assert!(greeting.contains(" said what?\n") || greeting.contains(" who\nsaid"), "{greeting}");
    let told = shell.line("who sayd what about Dam");
    assert!(told.contains("`sayd` is not in the lexicon of\n             verbs\n"), "{told}");
    let told = shell.line(".set colour on");
    assert!(told.lines().count() > 2 && told.lines().all(|line| line.len() <= 44), "{told}");
    let path = "x".repeat(10) + "/" + &"y".repeat(10);
    assert!(shell.line(&format!(".output {path}")).contains("no such folder"));
    shell.press("\u{4}");
    assert_eq!(shell.ended(), Some(0));
}

#[test]
fn settings_hold_from_a_file_on() {
    let folder = folder(&[("a.dixit", FACTS)]);
    std::fs::create_dir_all(folder.path().join("config/dixit")).unwrap();
    let file = "-- mine\n.set mode csv\n.set timer perhaps\nAnna said \"x\".\n.set timeout 2.5\n";
    std::fs::write(folder.path().join("config/dixit/init"), file).unwrap();
    let mut shell = Terminal::start(folder.path(), &["--color", "never", "a.dixit"]);
    let greeting = shell.until("dixit> ");
    assert!(greeting.contains("init:3: this is no setting: .set timer perhaps"), "{greeting}");
    assert!(greeting.contains("init:4: this is no setting: Anna"), "{greeting}");
    assert_eq!(shell.line("Anna said what | show what"), "what\nthe dam leaks\n");
    let settings = shell.line(".set");
    assert!(settings.contains("mode       csv") && settings.contains("timeout    2.5"), "{settings}");
    assert!(shell.line(".set timeout off").contains("timeout is off"));
    assert!(shell.line(".set solutions 1").contains("solutions is 1"));
    assert!(shell.line(".set memory 2MiB").contains("memory is 2.0 MiB"));
    assert!(shell.line(".set memory off").contains("memory is off"));
    assert!(shell.line("who said what").contains("E224"));
    assert!(shell.line(".set timer soon").contains("error: timer is on or off"));
    assert!(shell.line(".set colour on").contains("there is no setting colour"));
    shell.press("\u{4}");
    assert_eq!(shell.ended(), Some(0));
    let mut shell = Terminal::open(folder.path(), &["--no-init", "--color", "never", "a.dixit"]);
    assert!(shell.line("Anna said what | show what").contains("1 row"));
}

#[test]
fn files_come_in_and_go_out() {
    let map = "from csv: $who said $what.\n";
    let (folder, mut shell) = shell(&[("map.dixit", map), ("my table.csv", "who,what\nZoe,z\n")], &[]);
    assert!(shell.line(".import map.dixit \"my table.csv\"").contains("1 rows read, 1 taken"));
    assert!(shell.line(".import a.dixit").contains("taken"));
    assert!(shell.line(".import").contains("error: write .import"));
    assert!(shell.line(".export out.jsonl").contains("exported to out.jsonl"));
    assert!(shell.line(".export out.jsonl").contains("is there already"));
    assert!(shell.line(".export ! out.jsonl").contains("exported"));
    assert!(shell.line(".export out.csv").contains("ends in .dixit or .jsonl"));
    assert!(std::fs::read_to_string(folder.path().join("out.jsonl")).unwrap().contains("Zoe"));
    shell.press(".quit\r");
}

#[test]
fn what_is_written_is_kept_without_saving() {
    let folder = folder(&[]);
    let mut shell = Terminal::open(folder.path(), &["--color", "never", "--write", "g.dixg", "--batch"]);
    assert!(shell.line("Anna said \"x\".").contains("recorded as #_1"));
    let saved = shell.line(".save");
    assert!(saved.contains("saved to"), "{saved}");
    assert!(shell.line("Bob said \"y\".").contains("recorded as #_2"));
    shell.press("\u{4}");
    assert_eq!(shell.ended(), Some(0));
    let mut again = Terminal::open(folder.path(), &["--color", "never", "g.dixg"]);
    assert!(again.line("who said what | count").contains('2'));
}

#[test]
fn files_that_fail_do_not_keep_the_shell_from_opening() {
    let (_folder, mut shell) = shell(&[("bad.dixit", "Cem sayd \"x\".")], &["bad.dixit", "none.dixit"]);
    assert!(shell.line("who said what | count").contains('2'));
    shell.press("\u{4}");
    assert_eq!(shell.ended(), Some(0));
}

#[test]
fn the_data_does_not_steer_the_terminal() {
    let row = "{\"speaker\":\"Eve \\u001b]0;owned\\u0007\",\"proposition\":\"x \\u001b[2J\"}";
    let folder = folder(&[("e.jsonl", row)]);
    let mut shell = Terminal::open(folder.path(), &["--color", "always", "e.jsonl"]);
    let table = shell.line("who said what?");
    assert!(table.contains("\\u{1b})0;owned\\u{7}") && table.contains("\\u{1b}[2J"), "{table:?}");
    assert!(!shell.line(".names e").contains('\u{7}'));
    shell.press("\u{4}");
    assert_eq!(shell.ended(), Some(0));
}
