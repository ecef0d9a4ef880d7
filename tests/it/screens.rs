//! What stands on the screen while somebody types, completes, edits, interrupts, pastes and pages: compared with screens that were recorded
//! and read by people, under `tests/screens`. `RECORD_SCREENS=1` records them anew.

use crate::cli::folder;
use crate::shell::Terminal;
use std::path::Path;
use std::time::{Duration, Instant};

const FACTS: &str = "\
Peskov said \"the talks go on\" about Pokrovsk on 2025-12-01 via Reuters.
Peskov said \"no date is set\" about Pokrovsk on 2025-12-02.
[Bank of Oslo] denied \"the talks go on\" about Pokrovsk on 2025-12-02.
习近平 said \"和平 is 👍 near\" about Pokrovsk on 2025-12-03.
Zoë said \"cafe\u{301} talks\" about [Ås] on 2025-12-04.
";

const LINES: u16 = 24;

fn shell(pager: &str, more: &str) -> (tempfile::TempDir, Terminal) {
    let folder = folder(&[("a.dixit", &format!("{FACTS}{more}"))]);
    let args = ["--color", "always", "a.dixit"];
    let mut terminal = Terminal::sized(folder.path(), &args, (LINES, 80), pager);
    terminal.until("dixit> ");
    (folder, terminal)
}

/// What stands on the screen, with where the cursor is.
fn picture(terminal: &Terminal) -> String {
    let screen = terminal.shown.screen();
    let (line, column) = screen.cursor_position();
    let text = screen.contents().replace(env!("CARGO_PKG_VERSION"), "VERSION");
    format!("{}\n-- cursor: line {line}, column {column}\n", text.trim_end())
}

/// Compares the screen with the one that was recorded, as soon as it is so.
fn stands(terminal: &mut Terminal, name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens").join(format!("{name}.txt"));
    if std::env::var_os("RECORD_SCREENS").is_some() {
        while terminal.look(Duration::from_millis(700)) {}
        std::fs::write(&path, picture(terminal)).unwrap();
        return;
    }
    let recorded = std::fs::read_to_string(&path).unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    while picture(terminal) != recorded {
        assert!(
            Instant::now() < end,
            "{name}: recorded\n{recorded}\nand on the screen\n{}",
            picture(terminal)
        );
        terminal.look(Duration::from_millis(200));
    }
}

#[test]
fn typing_completing_and_taking_a_hint() {
    let (_folder, mut shell) = shell("cat", "");
    stands(&mut shell, "greeting");
    shell.press("who sayd what about Pok");
    stands(&mut shell, "hint");
    let screen = shell.shown.screen();
    let line = screen.cursor_position().0;
    let underlined = |column| screen.cell(line, column).unwrap().underline();
    assert!((11..15).all(underlined) && !underlined(7) && !underlined(16), "only `sayd` is underlined");
    assert!(screen.cell(line, 31).unwrap().dim(), "a hint is dim");
    // Right takes the hint; then the verb is mended, and the answer comes.
    shell.press("\u{1b}[C");
    stands(&mut shell, "hint-taken");
    shell.press("\u{1}\u{1b}f\u{1b}f\u{8}\u{8}id\r");
    stands(&mut shell, "answer");
    // What may stand here, the most spoken of first.
    shell.press("who said what about \t\t");
    stands(&mut shell, "completion");
    shell.press("\u{3}");
    stands(&mut shell, "abandoned");
}

#[test]
fn a_sentence_over_several_lines_and_pasted_ones() {
    let (_folder, mut shell) = shell("cat", "");
    shell.press("Anna said \"it holds\" about\r");
    stands(&mut shell, "continued");
    shell.press("Pokrovsk.\r");
    stands(&mut shell, "continued-recorded");
    // A tab in what is pasted completes nothing, and the lines of it are one text.
    shell.press(
        "\u{1b}[200~Bob said \"one\ttwo\" about Pokrovsk.\nCem said \"three\" about\nPok\t.\u{1b}[201~",
    );
    stands(&mut shell, "pasted");
    shell.press("\r");
    stands(&mut shell, "pasted-recorded");
    shell.press("\u{10}");
    stands(&mut shell, "recalled");
}

#[test]
fn long_answers_are_cut_and_paged() {
    let one = |number| format!("Outlet{number:02} said \"news {number:02}\".");
    let many = (0..60).map(one).collect::<Vec<_>>().join("\n");
    // A pager with arguments, one of them quoted, that shows five lines.
    let (_folder, mut shell) = shell("sed -n '1,3p;$p'", &many);
    shell.press("who said what | show who, what | skip 5\r");
    stands(&mut shell, "paged");
    shell.press(".last\r");
    stands(&mut shell, "paged-whole");
    shell.press(".pager off\r");
    stands(&mut shell, "pager-off");
    shell.press("who said what | show who | skip 5\r");
    stands(&mut shell, "not-paged");
}

#[test]
fn a_mistake_is_drawn_under_its_place() {
    let (_folder, mut shell) = shell("cat", "");
    shell.press("who sayd what about Pokrovsk?\r");
    stands(&mut shell, "mistake");
    shell.press("\u{3}");
    stands(&mut shell, "empty-interrupt");
    shell.press(".names p\r");
    stands(&mut shell, "names");
    shell.press("? stages\r");
    stands(&mut shell, "help");
}
