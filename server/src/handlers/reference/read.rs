//! From the OpenAPI document to what the page tells. What the document does not say is left out; nothing
//! in it makes this fail, and a test holds that every operation comes through.

use rolecall_app::reference::{Answer, Field, Operation, Reference, Section};
use serde_json::Value;

/// In the order of the page.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// How deep fields of fields are told.
const DEPTH: usize = 3;
/// Stands in for a token in examples.
const TOKEN: &str = "rcl_…";

/// The whole document.
pub fn reference(document: &Value) -> Reference {
    let reader = Reader { document };
    let info = &document["info"];
    Reference {
        title: text(&info["title"]),
        version: text(&info["version"]),
        intro: paragraphs(&info["description"]),
        sections: reader.sections(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn paragraphs(value: &Value) -> Vec<String> {
    let all = value.as_str().unwrap_or_default();
    let parts = all.split("\n\n").map(|part| part.replace('\n', " "));
    parts
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

struct Reader<'a> {
    document: &'a Value,
}

impl<'a> Reader<'a> {
    /// What a `$ref` points to; anything else is itself.
    fn resolved(&self, value: &'a Value) -> &'a Value {
        let pointer = value["$ref"].as_str().and_then(|at| at.strip_prefix('#'));
        pointer.map_or(value, |at| {
            self.document.pointer(at).unwrap_or(&Value::Null)
        })
    }

    /// The sections in the order of the tags; what has another tag or none is added by its name.
    fn sections(&self) -> Vec<Section> {
        let mut sections: Vec<Section> = list(&self.document["tags"])
            .iter()
            .map(|tag| Section {
                name: text(&tag["name"]),
                description: text(&tag["description"]),
                operations: Vec::new(),
            })
            .collect();
        for (path, item) in entries(&self.document["paths"]) {
            for method in METHODS {
                let Some(found) = item.get(method) else {
                    continue;
                };
                let name = found["tags"][0].as_str().unwrap_or("Other").to_owned();
                let at = sections.iter().position(|section| section.name == name);
                let at = at.unwrap_or_else(|| {
                    sections.push(Section {
                        name,
                        ..Section::default()
                    });
                    sections.len() - 1
                });
                sections[at]
                    .operations
                    .push(self.operation(path, method, item, found));
            }
        }
        sections.retain(|section| !section.operations.is_empty());
        sections
    }

    fn operation(&self, path: &str, method: &str, item: &'a Value, found: &'a Value) -> Operation {
        let shared = list(&item["parameters"]).iter();
        let parameters = shared.chain(list(&found["parameters"]));
        let parameters = parameters.map(|one| self.parameter(one)).collect();
        let (body, sent) = self.body(self.resolved(&found["requestBody"]));
        let answers = entries(&found["responses"]);
        let answers = answers.map(|(status, one)| self.answer(status, self.resolved(one)));
        let open = found["security"].as_array().is_some_and(Vec::is_empty);
        Operation {
            id: text(&found["operationId"]),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(&found["summary"]),
            description: paragraphs(&found["description"]),
            permission: found["x-permission"].as_str().map(str::to_owned),
            parameters,
            body,
            answers: answers.collect(),
            example: command(method, path, sent.as_ref(), open),
        }
    }

    fn parameter(&self, value: &'a Value) -> Field {
        let value = self.resolved(value);
        Field {
            name: text(&value["name"]),
            place: text(&value["in"]),
            kind: self.kind(&value["schema"]),
            required: value["required"] == true,
            description: text(&value["description"]),
        }
    }

    /// The fields of a body, and an example of it.
    fn body(&self, body: &'a Value) -> (Vec<Field>, Option<Value>) {
        let Some((_, media)) = entries(&body["content"]).next() else {
            return (Vec::new(), None);
        };
        let schema = self.resolved(&media["schema"]);
        (self.fields(schema, "", 0), self.example(media, schema))
    }

    fn example(&self, media: &'a Value, schema: &'a Value) -> Option<Value> {
        let named = entries(&media["examples"]).next();
        let named = named.and_then(|(_, one)| self.resolved(one).get("value"));
        let own = media
            .get("example")
            .or(named)
            .or_else(|| schema.get("example"));
        own.or_else(|| list(&schema["examples"]).first()).cloned()
    }

    fn answer(&self, status: &str, answer: &'a Value) -> Answer {
        let mut content = entries(&answer["content"]);
        let media = content.find(|(kind, _)| *kind != "application/problem+json");
        let headers = entries(&answer["headers"]).map(|(name, _)| name.clone());
        let schema = media.map(|(_, media)| self.resolved(&media["schema"]));
        let example = media
            .zip(schema)
            .and_then(|((_, media), schema)| self.example(media, schema));
        Answer {
            status: status.to_owned(),
            description: text(&answer["description"]),
            headers: headers.collect(),
            fields: schema.map_or_else(Vec::new, |schema| self.fields(schema, "", 0)),
            example: example.map(|value| pretty(&value)),
        }
    }

    /// The fields of an object, of the objects in a list, and of the objects in it.
    fn fields(&self, schema: &'a Value, above: &str, depth: usize) -> Vec<Field> {
        let schema = self.resolved(schema);
        if let Some(items) = schema.get("items") {
            return self.fields(items, &format!("{above}[]"), depth);
        }
        let required = list(&schema["required"]);
        let mut all = Vec::new();
        for part in list(&schema["allOf"]) {
            all.extend(self.fields(part, above, depth));
        }
        for (name, value) in entries(&schema["properties"]) {
            let dot = if above.is_empty() { "" } else { "." };
            let name_here = format!("{above}{dot}{name}");
            let described = text(&value["description"]);
            let own = self.only(value);
            all.push(Field {
                kind: self.kind(value),
                required: required.iter().any(|one| one == name),
                description: if described.is_empty() {
                    text(&own["description"])
                } else {
                    described
                },
                name: name_here.clone(),
                place: String::new(),
            });
            if depth + 1 < DEPTH {
                all.extend(self.fields(own, &name_here, depth + 1));
            }
        }
        all
    }

    /// The schema itself, or the one that is not null of several.
    fn only(&self, schema: &'a Value) -> &'a Value {
        let several = list(&schema["oneOf"]).iter().chain(list(&schema["anyOf"]));
        let mut real = several.filter(|one| one["type"] != "null");
        match (real.next(), real.next()) {
            (Some(one), None) => self.resolved(one),
            _ => self.resolved(schema),
        }
    }

    /// A type in words, such as "list of texts (uuid) or null".
    fn kind(&self, schema: &'a Value) -> String {
        let nullable = list(&schema["oneOf"])
            .iter()
            .chain(list(&schema["anyOf"]))
            .any(|one| one["type"] == "null")
            || list(&schema["type"]).iter().any(|one| one == "null");
        let own = self.only(schema);
        let mut words = self.kind_of(own);
        if nullable {
            words.push_str(" or null");
        }
        words
    }

    fn kind_of(&self, schema: &'a Value) -> String {
        let choices = list(&schema["enum"]);
        if !choices.is_empty() {
            let names: Vec<String> = choices
                .iter()
                .filter_map(Value::as_str)
                .map(|name| format!("“{name}”"))
                .collect();
            return names.join(", ");
        }
        let of_several = list(&schema["type"]).iter().find(|one| *one != "null");
        let name = of_several.unwrap_or(&schema["type"]).as_str();
        let format = schema["format"]
            .as_str()
            .map(|format| format!(" ({format})"))
            .unwrap_or_default();
        match name {
            Some("array") => format!("list of {}", self.kind(&schema["items"])),
            Some("string") => format!("text{format}"),
            Some("integer" | "number") => "number".to_owned(),
            Some("boolean") => "true or false".to_owned(),
            Some("object") => "object".to_owned(),
            _ if schema.get("properties").is_some() || schema.get("allOf").is_some() => {
                "object".to_owned()
            }
            _ => "anything".to_owned(),
        }
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// A command for a shell that asks an operation.
fn command(method: &str, path: &str, sent: Option<&Value>, open: bool) -> String {
    let mut lines = vec![format!("curl \"$ROLECALL{path}\"")];
    if method != "get" {
        lines[0] = format!("curl -X {} \"$ROLECALL{path}\"", method.to_uppercase());
    }
    if !open {
        lines.push(format!("  -H 'Authorization: Bearer {TOKEN}'"));
    }
    if let Some(sent) = sent {
        lines.push("  -H 'Content-Type: application/json'".to_owned());
        // A quote would end the text of the shell.
        lines.push(format!("  -d '{}'", pretty(sent).replace('\'', "'\\''")));
    }
    lines.join(" \\\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({
            "info": { "title": "Rolecall API", "version": "1.0", "description": "One.\n\nTwo\nlines." },
            "tags": [{ "name": "Roles", "description": "Sets." }, { "name": "Empty" }],
            "paths": {
                "/roles/{role}": {
                    "parameters": [{ "$ref": "#/components/parameters/Role" }],
                    "put": {
                        "operationId": "update_role", "tags": ["Roles"], "summary": "Change a role",
                        "x-permission": "team:manage",
                        "requestBody": { "content": { "application/json": {
                            "schema": { "$ref": "#/components/schemas/Role" },
                            "example": { "name": "Ana's" }
                        } } },
                        "responses": {
                            "200": { "description": "Done.", "headers": { "ETag": {} }, "content": { "application/json": {
                                "schema": { "type": "array", "items": { "$ref": "#/components/schemas/Role" } }
                            } } },
                            "404": { "$ref": "#/components/responses/Gone" }
                        }
                    },
                    "get": { "operationId": "read_role", "security": [], "summary": "Read it", "responses": {} }
                }
            },
            "components": {
                "parameters": { "Role": { "name": "role", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } } },
                "responses": { "Gone": { "description": "Not here.", "content": { "application/problem+json": {} } } },
                "schemas": {
                    "Role": { "type": "object", "required": ["name"], "properties": {
                        "name": { "type": "string", "description": "Its name." },
                        "ends": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/End" }] },
                        "tags": { "type": ["array", "null"], "items": { "type": "string" } },
                        "level": { "type": "string", "enum": ["low", "high"] }
                    } },
                    "End": { "type": "object", "description": "When.", "properties": { "at": { "type": "string" } } }
                }
            }
        })
    }

    #[test]
    fn sections_follow_the_tags_and_those_without_operations_are_left_out() {
        let found = reference(&document());
        assert_eq!(found.intro, ["One.", "Two lines."]);
        let names: Vec<_> = found
            .sections
            .iter()
            .map(|section| section.name.as_str())
            .collect();
        assert_eq!(names, ["Roles", "Other"]);
    }

    #[test]
    fn fields_are_told_with_their_types_and_those_in_them() {
        let found = reference(&document());
        let update = &found.sections[0].operations[0];
        let told: Vec<_> = update
            .body
            .iter()
            .map(|f| (f.name.as_str(), f.kind.as_str(), f.required))
            .collect();
        assert_eq!(
            told,
            [
                ("ends", "object or null", false),
                ("ends.at", "text", false),
                ("level", "“low”, “high”", false),
                ("name", "text", true),
                ("tags", "list of text or null", false),
            ]
        );
        assert_eq!(update.body[0].description, "When.");
        assert_eq!(update.parameters[0].kind, "text (uuid)");
        assert_eq!(
            (
                update.answers[0].headers[0].as_str(),
                update.answers[0].fields[3].name.as_str()
            ),
            ("ETag", "[].name")
        );
        assert_eq!(
            (
                update.answers[1].description.as_str(),
                update.answers[1].fields.len()
            ),
            ("Not here.", 0)
        );
        assert_eq!(update.permission.as_deref(), Some("team:manage"));
    }

    #[test]
    fn the_example_can_be_pasted_into_a_shell() {
        let found = reference(&document());
        let update = &found.sections[0].operations[0].example;
        assert!(
            update.starts_with("curl -X PUT \"$ROLECALL/roles/{role}\" \\\n"),
            "{update}"
        );
        assert!(
            update.contains("Bearer rcl_…") && update.contains("Ana'\\''s"),
            "{update}"
        );
        let read = &found.sections[1].operations[0].example;
        assert_eq!(read, "curl \"$ROLECALL/roles/{role}\"");
    }
}
