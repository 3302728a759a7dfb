//! The local Telegram alone: `serve [--listen 127.0.0.1:8787] [--data FOLDER]`.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use std::error::Error;
use std::path::PathBuf;

use tokio::signal::unix::{SignalKind, signal};
use vigie_emulator::Emulator;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut listen = "127.0.0.1:8787".to_owned();
    let mut folder = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--listen" => listen = arguments.next().ok_or("--listen needs an address")?,
            "--data" => {
                folder = Some(PathBuf::from(
                    arguments.next().ok_or("--data needs a folder")?,
                ))
            }
            other => return Err(format!("unknown argument {other}").into()),
        }
    }
    let emulator = Emulator::builder()
        .listen(listen.parse()?)
        .data_dir(folder)
        .start()
        .await?;
    println!("{}", emulator.url());
    let mut stop = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = stop.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    emulator.shutdown().await;
    Ok(())
}
