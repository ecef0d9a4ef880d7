//! Every shipped sample is read without an error, and reading it twice adds nothing.

use dixit::formats::dixit::{Context, Params, record};
use dixit::graph::Graph;
use dixit::syntax::{ast::SentenceKind, parse};
use std::path::Path;

fn load(graph: &mut Graph, path: &Path) {
    let source = std::fs::read_to_string(path).unwrap();
    let parsed = parse(&source);
    let show = |d: &dixit::diag::Diagnostic| {
        let line = source[..d.span.start].lines().count();
        format!("{}:{line}: {} {} `{}`", path.display(), d.code.id(), d.message, d.span.of(&source))
    };
    let unread: Vec<String> = parsed.diagnostics.iter().map(show).collect();
    assert!(unread.is_empty(), "{unread:#?}");
    let mut context = Context::new(0, Params::new());
    for sentence in parsed.sentences.iter().filter(|s| !matches!(s.kind, SentenceKind::Ask(_))) {
        if let Err(diagnostic) = record(graph, &mut context, sentence, &source) {
            panic!("{}", show(&diagnostic));
        }
    }
}

fn sizes(graph: &Graph) -> [usize; 6] {
    [
        graph.claims.len(),
        graph.propositions.len(),
        graph.entities.len(),
        graph.chains.hops(),
        graph.chains.appearances(),
        graph.links.len(),
    ]
}

#[test]
fn samples_are_read_whole_and_once() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "dixit"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    for path in files {
        let mut graph = Graph::new();
        load(&mut graph, &path);
        let once = sizes(&graph);
        load(&mut graph, &path);
        assert_eq!(sizes(&graph), once, "{}", path.display());
    }
}
