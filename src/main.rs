//! The command-line tool; everything is in the library.

fn main() -> std::process::ExitCode {
    zgrad::cli::main()
}
