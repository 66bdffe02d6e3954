//! A small mail server that keeps what it is given and misbehaves when told to.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpSocket, TcpStream},
    task::{JoinHandle, JoinSet},
};

use super::mail::Mail;

/// How the server treats a message.
#[derive(Clone, Debug, Default)]
pub enum Manner {
    /// Takes it.
    #[default]
    Takes,
    /// Answers the recipient with this line.
    Refuses(&'static str),
    /// Takes it and hangs up before saying so.
    HangsUpAfterTaking,
    /// Takes it and never says anything again.
    FallsSilentAfterTaking,
}

#[derive(Default)]
struct State {
    taken: Vec<Mail>,
    manner: Manner,
    /// For single recipients, in place of the above.
    manners: HashMap<String, Manner>,
}

/// The server, on one port of 127.0.0.1 for as long as the test lasts.
#[derive(Clone)]
pub struct Sink {
    port: u16,
    state: Arc<Mutex<State>>,
    running: Arc<Mutex<Running>>,
}

enum Running {
    Up(JoinHandle<()>),
    /// Not listening, but holding the port so that no other test gets it.
    Down(TcpSocket),
    /// On the way between the two.
    Changing,
}

impl Sink {
    pub fn start() -> Self {
        let socket = bind(0);
        let port = socket.local_addr().unwrap().port();
        let state = Arc::default();
        let running = Running::Up(listen(socket, &state));
        Self {
            port,
            state,
            running: Arc::new(Mutex::new(running)),
        }
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}/rolecall.example.org", self.port)
    }

    /// Stops answering: connections are refused.
    pub async fn goes_down(&self) {
        if let Running::Up(server) = self.exchange(Running::Changing) {
            server.abort();
            // Cancelled: the listener is closed.
            assert!(server.await.is_err());
        }
        self.exchange(Running::Down(bind(self.port)));
    }

    /// Answers again, on the same port.
    pub fn comes_up(&self) {
        if let Running::Down(socket) = self.exchange(Running::Changing) {
            self.exchange(Running::Up(listen(socket, &self.state)));
        }
    }

    fn exchange(&self, now: Running) -> Running {
        std::mem::replace(&mut *self.running.lock().unwrap(), now)
    }

    /// From now on every message is treated like this.
    pub fn behaves(&self, manner: Manner) {
        self.state.lock().unwrap().manner = manner;
    }

    /// From now on messages to this recipient are treated like this.
    pub fn behaves_to(&self, recipient: &str, manner: Manner) {
        self.state
            .lock()
            .unwrap()
            .manners
            .insert(recipient.to_owned(), manner);
    }

    /// All messages taken so far, oldest first.
    pub fn taken(&self) -> Vec<Mail> {
        self.state.lock().unwrap().taken.clone()
    }

    /// All messages taken for one address, oldest first.
    pub fn taken_for(&self, address: &str) -> Vec<Mail> {
        self.taken()
            .into_iter()
            .filter(|mail| mail.to == address)
            .collect()
    }
}

fn bind(port: u16) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket
        .bind(SocketAddr::from(([127, 0, 0, 1], port)))
        .unwrap();
    socket
}

fn listen(socket: TcpSocket, state: &Arc<Mutex<State>>) -> JoinHandle<()> {
    let listener = socket.listen(128).unwrap();
    let state = Arc::clone(state);
    tokio::spawn(serve(listener, state))
}

/// Connections live in the set, so they end with the listener.
async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        connections.spawn(async move {
            // A client that hangs up is nobody's fault.
            let _ = talk(stream, &state).await;
        });
    }
}

async fn talk(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 sink\r\n").await?;
    let mut to = String::new();
    while let Some(line) = lines.next_line().await? {
        let manner = {
            let state = state.lock().unwrap();
            state.manners.get(&to).unwrap_or(&state.manner).clone()
        };
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-sink\r\n250 8BITMIME",
            "RCPT" => {
                to = line
                    .trim_start_matches("RCPT TO:<")
                    .trim_end_matches('>')
                    .to_owned();
                let state = state.lock().unwrap();
                match state.manners.get(&to).unwrap_or(&state.manner) {
                    Manner::Refuses(answer) => answer,
                    _ => "250 ok",
                }
            }
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await?;
                let mut message = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    // A dot at the beginning was doubled on the way (RFC 5321 §4.5.2).
                    message.push_str(line.strip_prefix('.').unwrap_or(&line));
                    message.push('\n');
                }
                state.lock().unwrap().taken.push(Mail::new(&to, message));
                match manner {
                    Manner::HangsUpAfterTaking => return Ok(()),
                    Manner::FallsSilentAfterTaking => return std::future::pending().await,
                    Manner::Takes | Manner::Refuses(_) => "250 taken",
                }
            }
            "QUIT" => {
                writer.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 ok",
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
