//! The real binary, on a port that stays the same when it starts again.

use std::{
    io::Write as _,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::client::Client;

pub const PASSWORD: &str = "correct horse battery staple";
pub const OWNER: &str = "ana@example.org";

/// How long a start may take before the test gives up waiting.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server, killed at the latest when the test ends.
pub struct Server {
    child: Child,
    /// From its start until it welcomed requests.
    pub ready_after: Duration,
}

fn rolecall(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command
        .env_clear()
        .current_dir(folder)
        .env("ROLECALL_DATA_DIR", folder.join("data"))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

impl Server {
    pub fn make_owner(folder: &Path) {
        let mut child = rolecall(folder)
            .args([
                "create-owner",
                "--email",
                OWNER,
                "--name",
                "Ana",
                "--workspace",
                "Acme",
            ])
            .arg("--password-stdin")
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        writeln!(input, "{PASSWORD}").unwrap();
        drop(input);
        assert!(child.wait().unwrap().success());
    }

    pub fn free_port() -> u16 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.local_addr().unwrap().port()
    }

    /// Starts it and waits until it welcomes requests.
    pub fn start(folder: &Path, port: u16) -> Self {
        let began = Instant::now();
        let mut child = rolecall(folder)
            .env("ROLECALL_ADDR", format!("127.0.0.1:{port}"))
            .spawn()
            .unwrap();
        let mut probe = Client::new(port);
        while !probe
            .get("/readyz")
            .is_ok_and(|answer| answer.status == 200)
        {
            assert!(
                child.try_wait().unwrap().is_none(),
                "the server did not start"
            );
            assert!(began.elapsed() < PATIENCE, "the server is not ready");
            thread::sleep(Duration::from_millis(5));
        }
        Self {
            child,
            ready_after: began.elapsed(),
        }
    }

    /// Ends it as a power cut would: without a word.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Reads the whole trail as an operator does.
    pub fn verify_trail(folder: &Path) {
        let mut verify = rolecall(folder);
        verify
            .args(["audit", "verify"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let output = verify.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&text)
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
