//! What people do until the server is gone, and what they then know: what was acknowledged, and the one
//! thing that was cut off.

use rolecall_shared::{
    invitation::{AddressVerdict, InviteOptions, Verdict},
    membership::PersonVerdict,
    shell::Shell,
};
use serde_json::{Value, json};

use crate::{
    client::{Answer, Client, Lost},
    facts::{Facts, bytes},
    server::{OWNER, PASSWORD},
};

/// Somebody's work.
pub trait Task: Send {
    /// Does one more thing; false when the server is gone.
    fn step(&mut self) -> bool;
    /// Compares what the server holds after its start with what this one knows. What was cut off is
    /// known from here on.
    fn compare(&mut self, facts: &Facts);
    /// Compares all that was ever acknowledged, at the end.
    fn everything_is_there(&self, facts: &Facts);
    /// Writes that were acknowledged.
    fn acknowledged(&self) -> usize;
    /// Writes that were cut off.
    fn left_open(&self) -> usize;
    fn name(&self) -> &str;
}

/// One thing about one person that goes back and forth.
struct Toggle {
    name: &'static str,
    /// Who orders each of the two, and what: to the second state, and back.
    orders: [Vec<Order>; 2],
    /// Reads whether it is in the second state.
    read: Box<dyn Fn(&Facts) -> bool + Send>,
    on: bool,
    /// Orders of the way that were carried out.
    stage: usize,
    /// Whether the last order may have been carried out.
    cut_off: bool,
    acknowledged: usize,
    left_open: usize,
}

/// A call of somebody.
struct Order {
    client: Client,
    call: &'static str,
    arguments: Value,
}

impl Toggle {
    fn boxed(
        name: &'static str,
        orders: [Vec<Order>; 2],
        read: impl Fn(&Facts) -> bool + Send + 'static,
    ) -> Box<dyn Task> {
        Box::new(Self {
            name,
            orders,
            read: Box::new(read),
            on: false,
            stage: 0,
            cut_off: false,
            acknowledged: 0,
            left_open: 0,
        })
    }

    /// One order of a way was carried out.
    fn goes_on(&mut self) {
        self.stage += 1;
        if self.stage == self.orders[usize::from(self.on)].len() {
            self.stage = 0;
            self.on = !self.on;
        }
    }

    /// What is read when one more order was carried out.
    fn after_one_more(&self) -> bool {
        let last = self.stage + 1 == self.orders[usize::from(self.on)].len();
        if last { !self.on } else { self.on }
    }
}

impl Task for Toggle {
    fn step(&mut self) -> bool {
        let order = &mut self.orders[usize::from(self.on)][self.stage];
        let Ok(answer) = order.client.call(order.call, order.arguments.clone()) else {
            self.cut_off = true;
            self.left_open += 1;
            return false;
        };
        carried_out(order.call, answer);
        self.acknowledged += 1;
        self.goes_on();
        true
    }

    fn compare(&mut self, facts: &Facts) {
        let found = (self.read)(facts);
        if std::mem::take(&mut self.cut_off) {
            let (before, after) = (self.on, self.after_one_more());
            assert!(
                found == before || found == after,
                "{}: neither before nor after",
                self.name
            );
            // A way of two orders shows nothing of the first: it is found out by what the trail says.
            if before == after && facts.proposed() || before != after && found == after {
                self.goes_on();
            }
        }
        assert_eq!(
            found, self.on,
            "{}: an acknowledged write is lost",
            self.name
        );
    }

    fn everything_is_there(&self, facts: &Facts) {
        assert_eq!((self.read)(facts), self.on, "{}", self.name);
    }

    fn acknowledged(&self) -> usize {
        self.acknowledged
    }

    fn left_open(&self) -> usize {
        self.left_open
    }

    fn name(&self) -> &str {
        self.name
    }
}

/// Fails when a call that is allowed was refused.
fn carried_out(call: &str, answer: Answer) {
    if call == "change_roles" {
        let verdicts: Vec<PersonVerdict> = answer.given();
        assert!(
            verdicts.iter().all(|verdict| verdict.problem.is_none()),
            "{verdicts:?}"
        );
    } else {
        answer.given::<Value>();
    }
}

/// Invites somebody new each time; then revokes that, or lets them join.
struct Inviting {
    client: Client,
    role: String,
    prefix: &'static str,
    joins: bool,
    next: usize,
    /// The invitation that waits: its id and token.
    waits: Option<(String, String)>,
    /// Invitations and how far each came, as acknowledged.
    sent: Vec<Sent>,
    /// Acknowledged since the last start.
    fresh: usize,
    acknowledged: usize,
    left_open: usize,
}

struct Sent {
    id: String,
    ended: bool,
    /// Whether its end was asked for and not acknowledged.
    cut_off: bool,
}

impl Inviting {
    fn invite(&mut self) -> Result<(), Lost> {
        self.next += 1;
        let email = format!("{}{}@example.org", self.prefix, self.next);
        let request = json!({
            "idempotency_key": email, "addresses": [email], "role": self.role, "groups": [],
            "note": "", "hours": 72,
        });
        let answer = self
            .client
            .call("send_invitations", json!({ "request": request }))?;
        let verdicts: Vec<AddressVerdict> = answer.given();
        let Some(Verdict::Invited {
            id,
            link: Some(link),
        }) = verdicts.into_iter().next().map(|v| v.verdict)
        else {
            panic!("{email} was not invited");
        };
        let token = link.rsplit('/').next().unwrap_or_default().to_owned();
        self.waits = Some((id.to_string(), token));
        self.sent.push(Sent {
            id: id.to_string(),
            ended: false,
            cut_off: false,
        });
        Ok(())
    }

    fn end(&mut self, id: &str, token: &str) -> Result<(), Lost> {
        if !self.joins {
            let order = json!({ "id": id, "version": 1 });
            self.client
                .call("revoke_invitation", order)?
                .given::<Value>();
            return Ok(());
        }
        // Somebody new each time, with a browser that has only the cookie of the form.
        let mut guest = self.client.clone();
        guest.forget_session();
        let name = format!("Guest {}", self.next);
        let fields = [
            ("token", token),
            ("name", &name),
            ("password", PASSWORD),
            ("code", ""),
        ];
        let answer = guest.post("/invitation/join", &fields)?;
        assert_eq!(answer.status, 303, "{}", answer.body);
        Ok(())
    }
}

impl Task for Inviting {
    fn step(&mut self) -> bool {
        let done = match self.waits.take() {
            None => self.invite(),
            Some((id, token)) => {
                let ended = self.end(&id, &token);
                if let Some(sent) = self.sent.last_mut() {
                    sent.ended = ended.is_ok();
                    sent.cut_off = ended.is_err();
                }
                ended
            }
        };
        match done {
            Ok(()) => self.acknowledged += 1,
            Err(Lost) => self.left_open += 1,
        }
        done.is_ok()
    }

    fn compare(&mut self, facts: &Facts) {
        for sent in &self.sent[self.fresh..] {
            sent.is_there(facts, if self.joins { "accepted" } else { "revoked" });
        }
        self.fresh = self.sent.len();
        self.waits = None;
    }

    fn everything_is_there(&self, facts: &Facts) {
        for sent in &self.sent {
            sent.is_there(facts, if self.joins { "accepted" } else { "revoked" });
        }
    }

    fn acknowledged(&self) -> usize {
        self.acknowledged
    }

    fn left_open(&self) -> usize {
        self.left_open
    }

    fn name(&self) -> &str {
        if self.joins {
            "inviting and joining"
        } else {
            "inviting and revoking"
        }
    }
}

impl Sent {
    fn is_there(&self, facts: &Facts, end: &str) {
        let status = facts.invitation(&self.id);
        let expected: &[&str] = match (self.ended, self.cut_off) {
            (true, _) => &[end],
            (false, true) => &["pending", end],
            (false, false) => &["pending"],
        };
        assert!(
            expected.contains(&status),
            "{}: {status}, not {expected:?}",
            self.id
        );
    }
}

/// Everybody and their work.
pub struct Scene {
    pub tasks: Vec<Box<dyn Task>>,
    /// The owner's member id.
    pub ana: String,
}

/// Somebody who joined, with their browser.
struct Member {
    id: String,
    client: Client,
}

fn joined(ana: &mut Client, port: u16, name: &str, role: &str) -> Member {
    let email = format!("{}@example.org", name.to_lowercase());
    let request = json!({
        "idempotency_key": email, "addresses": [email], "role": role, "groups": [], "note": "", "hours": 72,
    });
    let verdicts: Vec<AddressVerdict> = ana
        .call("send_invitations", json!({ "request": request }))
        .unwrap()
        .given();
    let Some(Verdict::Invited {
        link: Some(link), ..
    }) = verdicts.into_iter().next().map(|v| v.verdict)
    else {
        panic!("{name} was not invited");
    };
    let token = link.rsplit('/').next().unwrap_or_default().to_owned();
    let mut client = Client::new(port);
    client.look_at_form(&format!("/invite/{token}")).unwrap();
    let fields = [
        ("token", token.as_str()),
        ("name", name),
        ("password", PASSWORD),
        ("code", ""),
    ];
    assert_eq!(
        client.post("/invitation/join", &fields).unwrap().status,
        303
    );
    let id = member(&mut client);
    Member { id, client }
}

fn member(client: &mut Client) -> String {
    let shell: Shell = client.call("load_shell", json!({})).unwrap().given();
    shell.workspace.unwrap().member.to_string()
}

fn by(client: &Client, call: &'static str, arguments: Value) -> Vec<Order> {
    vec![Order {
        client: client.clone(),
        call,
        arguments,
    }]
}

/// To another role, and back.
fn roles_of(ana: &Client, roy: &Member, [to, back]: [&str; 2]) -> [Vec<Order>; 2] {
    [to, back].map(|role| {
        by(
            ana,
            "change_roles",
            json!({ "members": [roy.id], "role": role }),
        )
    })
}

/// Into a group, and out of it.
fn group_of(mia: &Client, gus: &Member, group: &str) -> [Vec<Order>; 2] {
    let joining = json!({ "group": group, "members": [gus.id], "expires_at": null });
    let leaving = json!({ "group": group, "member": gus.id });
    [
        by(mia, "add_to_group", joining),
        by(mia, "remove_from_group", leaving),
    ]
}

fn suspending(ana: &Client, sue: &Member) -> [Vec<Order>; 2] {
    let suspended = json!({ "member": sue.id, "reason": "" });
    [
        by(ana, "suspend_member", suspended),
        by(ana, "reactivate_member", json!({ "member": sue.id })),
    ]
}

fn removing(mia: &Client, rob: &Member) -> [Vec<Order>; 2] {
    let removed = json!({ "member": rob.id, "order": {} });
    let back = json!({ "former": rob.id, "role": null });
    [
        by(mia, "remove_member", removed),
        by(mia, "reinstate_member", back),
    ]
}

/// Proposed, accepted, and taken again.
fn owning(ana: &Client, olga: &Member, role: &str) -> [Vec<Order>; 2] {
    let proposal = json!({ "member": olga.id, "hand_over": false });
    let mut given = by(ana, "propose_ownership", proposal);
    given.extend(by(&olga.client, "accept_ownership", json!({})));
    let taken = json!({ "member": olga.id, "role": role });
    [given, by(ana, "take_ownership", taken)]
}

impl Scene {
    /// A workspace in which everybody has something to do that nobody else touches.
    pub fn new(port: u16) -> Self {
        let mut ana = Client::signed_in(port, OWNER);
        let options: InviteOptions = ana.call("invite_options", json!({})).unwrap().given();
        let role = |name: &str| {
            let found = options.roles.iter().find(|role| role.name == name);
            found.unwrap().id.to_string()
        };
        let (admin, viewer, operator) = (role("Admin"), role("Viewer"), role("Operator"));
        let draft =
            json!({ "name": "Night shift", "description": "", "permissions": ["instances:view"] });
        let group: String = ana
            .call("create_group", json!({ "draft": draft }))
            .unwrap()
            .given();
        let mia = joined(&mut ana, port, "Mia", &admin);
        let [roy, gus, sue, rob, olga] =
            ["Roy", "Gus", "Sue", "Rob", "Olga"].map(|name| joined(&mut ana, port, name, &viewer));
        let roles = roles_of(&ana, &roy, [&operator, &viewer]);
        let groups = group_of(&mia.client, &gus, &group);
        let suspending = suspending(&ana, &sue);
        let removing = removing(&mia.client, &rob);
        let owning = owning(&ana, &olga, &viewer);
        let of = |member: &Member| bytes(&member.id);
        let (roy, gus, sue, rob, olga) = (of(&roy), of(&gus), of(&sue), of(&rob), of(&olga));
        let operator = bytes(&operator);
        let mut guests = ana.clone();
        guests.look_at_form("/account").unwrap();
        let inviting = |client: Client, prefix, joins| -> Box<dyn Task> {
            Box::new(Inviting {
                client,
                role: viewer.clone(),
                prefix,
                joins,
                next: 0,
                waits: None,
                sent: Vec::new(),
                fresh: 0,
                acknowledged: 0,
                left_open: 0,
            })
        };
        let tasks = vec![
            inviting(mia.client, "p", false),
            inviting(guests, "g", true),
            Toggle::boxed("another role and back", roles, move |facts| {
                facts.member(&roy).role == operator
            }),
            Toggle::boxed("into the group and out", groups, move |facts| {
                facts.in_group(&gus)
            }),
            Toggle::boxed("suspended and reactivated", suspending, move |facts| {
                facts.member(&sue).suspended
            }),
            Toggle::boxed("removed and reinstated", removing, move |facts| {
                facts.is_former(&rob)
            }),
            Toggle::boxed(
                "ownership proposed, accepted and taken",
                owning,
                move |facts| facts.member(&olga).owner,
            ),
        ];
        Self {
            tasks,
            ana: member(&mut ana),
        }
    }
}
