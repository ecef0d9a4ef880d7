//! `dixit compact`: the journal of a snapshot folded into it.

use super::super::args::{Compact, Errors};
use super::super::progress::Bar;
use super::super::terminal::now;
use super::super::{Status, end_on_interrupt, writing};
use super::reporter;
use crate::db::{Database, StoreError};
use crate::diag::Code;

pub(in crate::cli) fn compact(args: &Compact) -> Status {
    let reporter = reporter(Errors::Text);
    if !args.file.exists() {
        // To write a graph that is not there would make one, and nobody compacts nothing.
        let why = "there is no such file";
        reporter.file(Code::FileRead, &args.file, "open", why);
        return Status::Usage;
    }
    let mut db = Database::new(now());
    end_on_interrupt(db.cancel());
    let opened =
        if args.before_damage { db.write_before_damage(&args.file) } else { db.write_to(&args.file) };
    let recovered = match opened {
        Ok(recovered) => recovered,
        Err(error) => {
            reporter.unreadable(&args.file, &error);
            return Status::Usage;
        }
    };
    reporter.cut(&args.file, recovered.cut.as_ref());
    if recovered.statements > 0 {
        let told = Bar::writing(&args.file);
        let folded = writing(|| db.compact());
        drop(told);
        match folded {
            Ok(()) => {}
            Err(StoreError::Stopped) => {
                reporter.note("stopped: everything is as it was");
                return Status::Interrupted;
            }
            Err(error) => {
                reporter.file(Code::FileWrite, &args.file, "write", &error.to_string());
                return Status::Usage;
            }
        }
    }
    reporter.note(&format!(
        "{}: {} statements folded in, {} claims",
        args.file.display(),
        recovered.statements,
        db.graph().claims.len()
    ));
    Status::Fine
}
