//! Files of every format that was released always open (`tests/golden`), and what is written today is what was written then.

use crate::cli::{folder, program, run};
use std::path::{Path, PathBuf};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

#[test]
fn the_first_format_opens_with_its_journal() {
    let folder = folder(&[]);
    for name in ["format-1.dixg", "format-1.dixg.journal"] {
        std::fs::copy(golden(name), folder.path().join(name)).unwrap();
    }
    let came = run(&folder, &["check", "format-1.dixg"]).expect(0);
    assert_eq!(came.err, "format-1.dixg: 35 claims read, 35 taken, 0 refused\n0 errors, 0 warnings\n");
    let question = "who asserted what about Pokrovsk | show who, what, when, via";
    let came = run(&folder, &["format-1.dixg", "-c", question]).expect(0);
    let expected = "\
who\twhat\twhen\tvia
Russian military commanders\tRussian troops captured Pokrovsk\t2025-12-01\tReuters > UNN
Carl\tthe mayor\t2025-12-03\t
Anna Brandt\tthe bridge is open\t\tUNN
";
    assert_eq!(came.out, expected);
}

#[test]
fn the_bytes_of_the_format_are_those_of_the_format() {
    let folder = folder(&[]);
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/peace-talks.dixit");
    let built = program(folder.path()).arg("build").arg(&sample).args(["-o", "g.dixg"]).output().unwrap();
    assert!(built.status.success());
    assert!(
        std::fs::read(folder.path().join("g.dixg")).unwrap()
            == std::fs::read(golden("format-1.dixg")).unwrap(),
        "what is written is another format than it was: raise its number, or, before the first release, see tests/golden/README.md"
    );
}
