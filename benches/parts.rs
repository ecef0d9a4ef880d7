//! The parts alone, each on input that it makes itself: reading sentences and rows, folding names, postings, columns, opening, saving,
//! words, questions. `cargo bench --bench parts`, or with the name of a part behind it. What it measures is for comparing one build with
//! another; whole questions beside other engines are measured by `questions.rs` and `peers`.

#![expect(clippy::unwrap_used, reason = "a measuring program stops at whatever is missing")]

use divan::{Bencher, black_box, counter::ItemsCount};
use dixit::db::{Database, Params, Prepared};
use dixit::formats::{export, jsonl};
use dixit::graph::{Column, Graph, Postings, Texts};
use dixit::model::fold;
use dixit::syntax::{format_source, parse};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::OnceLock;
use tempfile::TempDir;

/// How many rows the larger inputs have.
const ROWS: u32 = 20_000;

fn main() {
    divan::main();
}

/// Numbers that look random and are the same each time.
fn scattered(n: u32) -> u32 {
    let mixed = u64::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 40) as u32
}

/// Rows as a stranger writes them: speakers, places and outlets of which some are named very often.
fn rows() -> String {
    let often = |n: u32, of: u32| scattered(n) % (1 + scattered(n + 7) % of);
    let mut rows = String::new();
    for n in 0..ROWS {
        let (who, place, outlet) = (often(n, 5000), often(n + 1, 800), often(n + 2, 60));
        let (text, month, day) = (scattered(n) % 7000, 1 + n % 12, 1 + n % 28);
        let _ = writeln!(
            rows,
            r#"{{"id":"c{n}","speaker":"Speaker {who}","proposition":"the bridge at {text} is closed to all","subjects":["Place {place}"],"date":"2025-{month:02}-{day:02}","outlets":["Outlet {outlet}"]}}"#,
        );
    }
    rows
}

/// The graph of these rows, in memory and in a file.
fn told() -> &'static (Database, TempDir, PathBuf) {
    static TOLD: OnceLock<(Database, TempDir, PathBuf)> = OnceLock::new();
    TOLD.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let (source, path) = (folder.path().join("rows.jsonl"), folder.path().join("graph.dixg"));
        std::fs::write(&source, rows()).unwrap();
        let mut db = Database::new(0);
        let loaded = db.load(&source, 0).unwrap();
        assert_eq!(loaded.errors(), 0, "{loaded:?}");
        db.save(&path).unwrap();
        (db, folder, path)
    })
}

mod text {
    use super::{Bencher, ItemsCount, black_box, fold, format_source, parse};

    const SENTENCE: &str = "Putin told Russian commanders that \"their troops took Pokrovsk\" about Pokrovsk \
        on 2025-12-01 via Reuters allegedly via UNN (2025-12-02).";

    #[divan::bench]
    fn parse_a_sentence(bencher: Bencher<'_, '_>) {
        bencher.bench(|| parse(black_box(SENTENCE)));
    }

    #[divan::bench]
    fn parse_a_question(bencher: Bencher<'_, '_>) {
        let question =
            "who asserted what about Pokrovsk via Reuters directly via ?o | where when < 2025-12 | take 20";
        bencher.bench(|| parse(black_box(question)));
    }

    #[divan::bench]
    fn format_a_hundred_sentences(bencher: Bencher<'_, '_>) {
        let text = [SENTENCE, "\n"].concat().repeat(100);
        bencher.counter(ItemsCount::new(100_usize)).bench(|| format_source(black_box(&text)));
    }

    #[divan::bench(args = ["Vladimir Putin", "Володимир Зеленський", "Lech Wałęsa"])]
    fn fold_a_name(bencher: Bencher<'_, '_>, name: &str) {
        bencher.bench(|| fold(black_box(name)).len());
    }
}

mod columns {
    use super::{Bencher, Column, ItemsCount, Postings, ROWS, Texts, black_box, scattered};

    #[divan::bench]
    fn read_a_column_in_order(bencher: Bencher<'_, '_>) {
        let column = Column::over((0..ROWS).collect::<Vec<u32>>().into());
        let view = column.view(true);
        let all = || (0..ROWS as usize).filter_map(|row| view.get(row)).fold(0, u32::wrapping_add);
        bencher.counter(ItemsCount::new(ROWS)).bench(all);
    }

    #[divan::bench]
    fn read_texts_anywhere(bencher: Bencher<'_, '_>) {
        let mut texts = Texts::default();
        (0..ROWS).for_each(|n| _ = texts.push(&format!("a text of some length, number {n}")));
        texts.fold_in();
        let all = || (0..ROWS).map(|n| texts.get((scattered(n) % ROWS) as usize).len()).sum::<usize>();
        bencher.counter(ItemsCount::new(ROWS)).bench(all);
    }

    fn pairs() -> impl Iterator<Item = (u32, u32)> {
        (0..ROWS * 4).map(|n| (scattered(n) % ROWS, n))
    }

    #[divan::bench]
    fn build_postings(bencher: Bencher<'_, '_>) {
        bencher.counter(ItemsCount::new(ROWS * 4)).bench(|| Postings::from_pairs(ROWS as usize, pairs));
    }

    #[divan::bench]
    fn go_over_postings(bencher: Bencher<'_, '_>) {
        let postings = Postings::from_pairs(ROWS as usize, pairs);
        let all = || (0..ROWS).flat_map(|row| postings.get(row).iter()).fold(0, u32::wrapping_add);
        bencher.counter(ItemsCount::new(ROWS * 4)).bench(|| black_box(all()));
    }
}

mod graph {
    use super::{Bencher, Database, Graph, ItemsCount, ROWS, export, jsonl, rows, told};

    #[divan::bench(sample_count = 20)]
    fn record_rows(bencher: Bencher<'_, '_>) {
        let rows = rows();
        bencher.counter(ItemsCount::new(ROWS)).bench(|| {
            let mut graph = Graph::new();
            graph.begin_batch("rows", 0);
            jsonl::read(&mut graph, rows.as_bytes(), 0, || None).unwrap().taken
        });
    }

    #[divan::bench(sample_count = 20)]
    fn save_a_snapshot(bencher: Bencher<'_, '_>) {
        let (_, folder, path) = told();
        let mut db = Database::new(0);
        db.load(path, 0).unwrap();
        bencher.bench_local(|| db.save(&folder.path().join("again.dixg")).unwrap());
    }

    #[divan::bench]
    fn open_a_snapshot(bencher: Bencher<'_, '_>) {
        let (_, _, path) = told();
        bencher.bench(|| {
            let mut db = Database::new(0);
            db.load(path, 0).unwrap();
            db.graph().claims.len()
        });
    }

    #[divan::bench(sample_count = 20)]
    fn export_sentences(bencher: Bencher<'_, '_>) {
        let (db, ..) = told();
        bencher.counter(ItemsCount::new(ROWS)).bench(|| {
            let mut out = Vec::new();
            export::dixit(db.graph(), &mut out).unwrap();
            out.len()
        });
    }
}

mod questions {
    use super::{Bencher, Params, Prepared, black_box, told};

    fn ask(bencher: Bencher<'_, '_>, question: &str) {
        let (db, ..) = told();
        let question = Prepared::new(question).unwrap();
        let params = Params::from([("place".into(), "Place 0".into()), ("who".into(), "Speaker 700".into())]);
        bencher.bench(|| db.query(black_box(&question), &params, None).unwrap().rows.len());
    }

    #[divan::bench]
    fn of_a_speaker(bencher: Bencher<'_, '_>) {
        ask(bencher, "$who said what");
    }

    #[divan::bench]
    fn about_a_place(bencher: Bencher<'_, '_>) {
        ask(bencher, "who said what about $place");
    }

    #[divan::bench]
    fn by_words(bencher: Bencher<'_, '_>) {
        ask(bencher, "who said what | where what has \"at 77\"");
    }

    #[divan::bench]
    fn count_over_everything(bencher: Bencher<'_, '_>) {
        ask(bencher, "who said what about whom | summarize count as n by who | sort by n desc | take 20");
    }

    #[divan::bench]
    fn corroborate(bencher: Bencher<'_, '_>) {
        ask(bencher, "who said what about $place | take 20 | corroborate");
    }
}
