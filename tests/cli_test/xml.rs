//! A parser for the XML of reports: elements, attributes, text and entities, and nothing else.
//! Whatever is not well-formed is a panic.

use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub children: Vec<Element>,
    pub text: String,
}

pub fn parse(xml: &str) -> Element {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(xml.chars().all(allowed), "a character that XML does not have");
    let xml =
        xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").expect("a declaration");
    let (root, rest) = element(xml.trim_start());
    assert_eq!(rest.trim(), "", "something after the root");
    root
}

/// The element with which a text begins, and what follows it.
fn element(xml: &str) -> (Element, &str) {
    let rest = xml.strip_prefix('<').expect("an element");
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).expect("the end of a name");
    let mut found = Element { name: rest[..end].to_owned(), ..Element::default() };
    let mut rest = &rest[end..];
    loop {
        let trimmed = rest.trim_start();
        if let Some(after) = trimmed.strip_prefix("/>") {
            return (found, after);
        }
        if let Some(after) = trimmed.strip_prefix('>') {
            rest = after;
            break;
        }
        assert!(trimmed.len() < rest.len(), "no blank before an attribute: {rest}");
        let (name, after) = trimmed.split_once("=\"").expect("an attribute");
        let (value, after) = after.split_once('"').expect("the end of a value");
        assert!(name.chars().all(|c| c.is_ascii_alphabetic()), "{name}");
        let twice = found.attributes.insert(name.to_owned(), plain(value));
        assert!(twice.is_none(), "{name} twice");
        rest = after;
    }
    loop {
        let start = rest.find('<').expect("the end of an element");
        found.text += &plain(&rest[..start]);
        rest = &rest[start..];
        if let Some(after) = rest.strip_prefix(&format!("</{}>", found.name)) {
            return (found, after);
        }
        let (child, after) = element(rest);
        found.children.push(child);
        rest = after;
    }
}

/// Text without entities.
fn plain(text: &str) -> String {
    assert!(!text.contains('<') && !text.contains("]]>"), "{text}");
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (entity, rest) = part.split_once(';').expect("the end of an entity");
        plain += match entity {
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "quot" => "\"",
            "#10" => "\n",
            "#9" => "\t",
            other => panic!("the entity {other}"),
        };
        plain += rest;
    }
    plain
}
