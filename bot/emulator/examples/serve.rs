//! The local Telegram alone: `cargo run -p vigie_emulator --example serve -- 127.0.0.1:8787 [folder]`.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use std::error::Error;
use std::path::PathBuf;

use vigie_emulator::Emulator;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let listen = arguments.next().unwrap_or_else(|| "127.0.0.1:8787".into());
    let folder = arguments.next().map(PathBuf::from);
    let emulator = Emulator::builder()
        .listen(listen.parse()?)
        .data_dir(folder)
        .start()
        .await?;
    println!("{}", emulator.url());
    tokio::signal::ctrl_c().await?;
    emulator.shutdown().await;
    Ok(())
}
