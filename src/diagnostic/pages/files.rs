//! Pages of the findings about files and YAML.

use super::Page;

pub(super) const MISSING_MANIFEST: Page = Page {
    why: "A directory is a pack when it holds a `pack.yaml` with at least the pack's name and version. \
          Without it nothing else in the directory is read.",
    wrong: "rules/my-shop/\n  tiers.yaml",
    right: "rules/my-shop/\n  pack.yaml        # pack: my-shop\n                   # version: 1.0.0\n  tiers.yaml",
};

pub(super) const UNREADABLE_FILE: Page = Page {
    why: "A file of the pack is there but cannot be opened: its permissions do not allow it, a link \
          leads nowhere, or the disk reports a fault.",
    wrong: "ls -l rules/my-shop\n----------  tiers.yaml",
    right: "chmod u+r rules/my-shop/tiers.yaml",
};

pub(super) const NOT_UTF8: Page = Page {
    why: "Packs are UTF-8 text, so that titles in every language read the same everywhere. The file \
          was saved in another encoding, such as Windows-1254 or Latin-1.",
    wrong: "title: Üye indirimi      # saved as Windows-1254",
    right: "iconv -f WINDOWS-1254 -t UTF-8 tiers.yaml > tiers.utf8.yaml",
};

pub(super) const FILE_TOO_LARGE: Page = Page {
    why: "A file of a pack may have up to 1 MiB. Rules are never that long; customers and orders \
          belong in the store, and long lists into a table of it.",
    wrong: "parameters:\n  high_margin: { type: list, default: [ … 200 000 articles … ] }",
    right: "sources:\n  orders:\n    query: SELECT o.*, a.high_margin FROM orders o JOIN articles a USING (sku)\n    columns: { high_margin: flag }",
};

pub(super) const OUTSIDE_ROOT: Page = Page {
    why: "A link in the pack's directory leads to a file outside of it. A pack is read from its own \
          directory only, so that it means the same wherever it is copied.",
    wrong: "tiers.yaml -> ../../shared/tiers.yaml",
    right: "cp ../../shared/tiers.yaml tiers.yaml",
};

pub(super) const YAML_SYNTAX: Page = Page {
    why: "The file is not YAML from this place on. The usual reasons are an indentation that does not \
          line up, a tab, a missing space after a colon, or a value with `: ` or `#` that needs quotes.",
    wrong: "tiers:\n  gold:\n    enter: spend >= 400\n   member:\n    enter: always",
    right: "tiers:\n  gold:\n    enter: spend >= 400\n  member:\n    enter: always",
};

pub(super) const YAML_TAG: Page = Page {
    why: "In YAML a value that begins with `!` is a tag, not text, and the rest would be lost. A \
          condition that begins with `not` goes into quotes.",
    wrong: "when: !consent",
    right: "when: \"!consent\"",
};

pub(super) const YAML_LIMIT: Page = Page {
    why: "The file nests deeper or repeats itself through anchors more often than any rule needs. \
          Such files are refused before they fill the memory.",
    wrong: "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]      # and so on",
    right: "a: [x, x]",
};

pub(super) const DUPLICATE_KEY: Page = Page {
    why: "The same key stands twice in one map. YAML readers keep one of them silently; which one was \
          meant only you know.",
    wrong: "gold:\n  enter: spend >= 400\n  enter: order_count >= 6",
    right: "gold:\n  enter:\n    - spend >= 400\n    - order_count >= 6",
};

pub(super) const DUPLICATE_ENTRY: Page = Page {
    why: "The YAML files of a pack are read as one document. The same metric, tier, benefit or other \
          entry stands in two places; the finding names both.",
    wrong: "# metrics.yaml\nmetrics:\n  spend: { sum: orders.amount }\n# more.yaml\nmetrics:\n  spend: { sum: orders.total }",
    right: "# metrics.yaml\nmetrics:\n  spend: { sum: orders.amount }\n  spend_with_tax: { sum: orders.total }",
};

pub(super) const UNKNOWN_KEY: Page = Page {
    why: "The key has no meaning in this place, so the rule would quietly not do what it says. It is \
          misspelt, or stands one level too high or too low.",
    wrong: "gold:\n  entre: spend >= 400",
    right: "gold:\n  enter: spend >= 400",
};

pub(super) const MISSING_KEY: Page = Page {
    why: "Something that this entry cannot do without is not there.",
    wrong: "sources:\n  orders:\n    table: orders\n    customer: customer_id",
    right: "sources:\n  orders:\n    table: orders\n    customer: customer_id\n    at: placed_at",
};

pub(super) const WRONG_SHAPE: Page = Page {
    why: "There is text where a map belongs, a list where text belongs, or the like.",
    wrong: "tiers:\n  - gold\n  - member",
    right: "tiers:\n  gold:   { enter: spend >= 400 }\n  member: { enter: always }",
};

pub(super) const EMPTY_CONDITION: Page = Page {
    why: "A condition without content could mean everybody or nobody. Say which.",
    wrong: "member:\n  enter:",
    right: "member:\n  enter: always",
};
