//! `/w/{slug}/events`: tells an open page what changed in its workspace, as server-sent events.
//!
//! Who may listen is asked again at each piece of news and at least twice a minute; a stream whose
//! session or membership is gone ends, after a last message that makes the page look again. Listening
//! is no use of the session: it times out under an open page like under a closed one (rule 4).

use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::{Path, State, rejection::PathRejection},
    http::HeaderMap,
    response::{
        IntoResponse as _, Response,
        sse::{Event as Message, KeepAlive, Sse},
    },
};
use rolecall_app::context::RequestContext;
use rolecall_backend::{
    Caller,
    events::{Event, Topic},
    service::{Failure, listening, sessions},
};
use rolecall_shared::{WorkspaceId, error::ErrorCode};
use tokio::{
    sync::{
        broadcast::{self, error::RecvError},
        mpsc,
    },
    time::{MissedTickBehavior, interval_at, sleep},
};
use tokio_stream::wrappers::ReceiverStream;

use crate::{
    cookies,
    problem::Problem,
    state::{AppState, raised},
    streams::OpenStream,
};

const KEEP_ALIVE: Duration = Duration::from_secs(15);
const CHECK_EVERY: Duration = Duration::from_secs(30);
/// News of one change often come together: one message per topic is enough.
const GATHER: Duration = Duration::from_millis(40);

type Sender = mpsc::Sender<Result<Message, Infallible>>;

/// Opens the stream for a member of the workspace.
pub async fn stream(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    slug: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let (Some(session), Some(secret)) =
        (context.session, cookies::read(&headers, cookies::SESSION))
    else {
        return Problem::not_signed_in().into_response();
    };
    let Ok(Path(slug)) = slug else {
        return Problem::not_found().into_response();
    };
    // Heard from here on, so that nothing is missed between the check and the first message.
    let news = state.rolecall.events().subscribe();
    let request_id = context.meta.request_id.clone();
    let listener = Listener {
        caller: Caller {
            session,
            meta: context.meta,
        },
        secret: secret.to_owned(),
        slug,
        state: state.clone(),
    };
    let workspace = match listener.workspace().await {
        Ok(Some(workspace)) => workspace,
        Ok(None) => return Problem::not_found().into_response(),
        Err(failure) => return Problem::of(&failure, &request_id).into_response(),
    };
    let Some(open) = state.streams.open(listener.caller.session.id) else {
        let message =
            "Too many pages are open at once. Close some; the others go on without reloading.";
        return Problem::new(ErrorCode::TooMany, message)
            .retry_after(30)
            .into_response();
    };
    let (sender, receiver) = mpsc::channel(8);
    tokio::spawn(listener.listen(workspace, news, sender, open));
    Sse::new(ReceiverStream::new(receiver))
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response()
}

/// Somebody whose page listens.
struct Listener {
    state: AppState,
    caller: Caller,
    secret: String,
    slug: String,
}

impl Listener {
    /// The workspace, if the caller is still in it.
    async fn workspace(&self) -> Result<Option<WorkspaceId>, Failure> {
        listening::workspace(&self.state.rolecall, &self.caller, &self.slug).await
    }

    /// Whether session and membership still hold. When the database does not answer: no.
    async fn may_listen(&self, workspace: WorkspaceId) -> bool {
        let session = sessions::look_up(&self.state.rolecall, &self.secret).await;
        matches!(session, Ok(Some(session)) if session.id == self.caller.session.id)
            && matches!(self.workspace().await, Ok(Some(found)) if found == workspace)
    }

    async fn listen(
        self,
        workspace: WorkspaceId,
        mut news: broadcast::Receiver<Event>,
        sender: Sender,
        _open: OpenStream,
    ) {
        let mut stopping = self.state.stopping.clone();
        let mut check = interval_at(tokio::time::Instant::now() + CHECK_EVERY, CHECK_EVERY);
        check.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let topics = tokio::select! {
                () = sender.closed() => return,
                () = raised(&mut stopping) => return,
                _ = check.tick() => Vec::new(),
                first = news.recv() => match gather(first, &mut news, workspace).await {
                    Some(topics) if topics.is_empty() => continue,
                    Some(topics) => topics,
                    None => return,
                },
            };
            if !self.may_listen(workspace).await {
                // The page asks again, and learns that it may not see this any more.
                let _ = sender.send(Ok(message(Topic::Members))).await;
                return;
            }
            for topic in topics {
                if sender.send(Ok(message(topic))).await.is_err() {
                    return;
                }
            }
        }
    }
}

fn message(topic: Topic) -> Message {
    Message::default().event("change").data(topic.name())
}

/// The topics of this workspace in the first piece of news and those right after it. Who missed
/// some looks at everything again; `None` when there will be no more.
async fn gather(
    first: Result<Event, RecvError>,
    news: &mut broadcast::Receiver<Event>,
    workspace: WorkspaceId,
) -> Option<Vec<Topic>> {
    let mut topics = Vec::new();
    let mut note = |event: Event| {
        if event.workspace == workspace && !topics.contains(&event.topic) {
            topics.push(event.topic);
        }
    };
    match first {
        Ok(event) if event.workspace != workspace => return Some(topics),
        Ok(event) => note(event),
        Err(RecvError::Lagged(_)) => return Some(Topic::ALL.to_vec()),
        Err(RecvError::Closed) => return None,
    }
    sleep(GATHER).await;
    loop {
        match news.try_recv() {
            Ok(event) => note(event),
            Err(broadcast::error::TryRecvError::Lagged(_)) => return Some(Topic::ALL.to_vec()),
            Err(_) => return Some(topics),
        }
    }
}
