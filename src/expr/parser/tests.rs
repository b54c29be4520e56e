use super::*;
use crate::expr::syntax::Ast;
use crate::source::FileId;

fn parsed(text: &str) -> Result<Ast, Diagnostic> {
    let mut findings = Diagnostics::default();
    let mapped = MappedText::verbatim(text, FileId(0), 0);
    let ast = parse(&mapped, &mut findings);
    let mut findings = findings.into_sorted();
    match ast {
        Some(ast) => {
            assert!(findings.is_empty(), "{text}: {findings:?}");
            Ok(ast)
        }
        None => {
            assert_eq!(findings.len(), 1, "{text}");
            Err(findings.remove(0))
        }
    }
}

/// The tree with every operator in parentheses.
fn shape(ast: &Ast) -> String {
    let list = |items: &[Ast]| items.iter().map(shape).collect::<Vec<_>>().join(", ");
    match &ast.kind {
        AstKind::Number(number) => number.to_string(),
        AstKind::Text(text) => format!("{text:?}"),
        AstKind::Flag(flag) => flag.to_string(),
        AstKind::Name(name) => name.clone(),
        AstKind::Not(inner) => format!("!{}", shape(inner)),
        AstKind::Negate(inner) => format!("-{}", shape(inner)),
        AstKind::Arithmetic(op, a, b) => format!("({} {} {})", shape(a), op.symbol(), shape(b)),
        AstKind::Compare(op, a, b) => format!("({} {} {})", shape(a), op.symbol(), shape(b)),
        AstKind::And(a, b) => format!("({} && {})", shape(a), shape(b)),
        AstKind::Or(a, b) => format!("({} || {})", shape(a), shape(b)),
        AstKind::In(a, b) => format!("({} in {})", shape(a), shape(b)),
        AstKind::If(c, a, b) => format!("if {} {{{}}} else {{{}}}", shape(c), shape(a), shape(b)),
        AstKind::Call { callee, arguments, .. } => format!("{callee}({})", list(arguments)),
        AstKind::List(items) => format!("[{}]", list(items)),
    }
}

#[track_caller]
fn reads(text: &str, expected: &str) {
    assert_eq!(parsed(text).map(|ast| shape(&ast)).as_deref(), Ok(expected), "{text}");
}

/// `marked` has `⟦` and `⟧` around what the finding must point at.
#[track_caller]
fn refuses(marked: &str, code: Code, help: &str) {
    let text = marked.replace(['⟦', '⟧'], "");
    let finding = parsed(&text).expect_err(&text);
    let start = marked.find('⟦').expect("a mark");
    let end = marked.find('⟧').expect("a mark") - '⟦'.len_utf8();
    assert_eq!(finding.code, code, "{text}: {finding:?}");
    let pointed = (finding.span.start as usize, finding.span.end as usize);
    assert_eq!(pointed, (start, end), "{text}: {finding:?}");
    assert!(finding.help.unwrap_or_default().contains(help), "{text}: {}", finding.message);
}

#[test]
fn binds_like_rhai() {
    reads("a || b && c == d", "(a || (b && (c == d)))");
    reads("a == b in c", "(a == (b in c))");
    reads("a in b < c", "(a in (b < c))");
    reads("a < b + c * d", "(a < (b + (c * d)))");
    reads("a - b - c", "((a - b) - c)");
    reads("a / b % c * d", "(((a / b) % c) * d)");
    reads("!a == b", "(!a == b)");
    reads("-a * b", "(-a * b)");
    reads("-2 + 3", "(-2 + 3)");
    reads("a !in b && c", "(!(a in b) && c)");
    reads("!in_tier(club.vip)", "!in_tier(club.vip)");
    reads("(a + b) * c", "((a + b) * c)");
    reads("a < b == c > d", "((a < b) == (c > d))");
}

#[test]
fn reads_literals_names_and_calls() {
    reads("1_000", "1000");
    reads("1.50", "1.5");
    reads(r#""a\"b\\c\x41é""""#, r#""a\"b\\cAé\"""#);
    reads("rfm.r", "rfm.r");
    reads("scoring::f(customer, 1)", "scoring::f(customer, 1)");
    reads("min(1, 2, )", "min(1, 2)");
    reads("f()", "f()");
    reads("channel in [\"a\", \"b\"]", "(channel in [\"a\", \"b\"])");
    reads("true && false", "(true && false)");
    reads("if a { 1 } else if b { 2 } else { 3 }", "if a {1} else {if b {2} else {3}}");
    reads("1 + if a { 1 } else { 2 } * 3", "(1 + (if a {1} else {2} * 3))");
    reads("a /* x /* y */ z */ + b // c", "(a + b)");
    reads("a\n  && b", "(a && b)");
    reads("+a", "a");
    reads("100 % 7", "(100 % 7)");
    reads("100 % -7", "(100 % -7)");
    reads("100%(a)", "(100 % a)");
    reads("min(1,500)", "min(1, 500)");
    reads("\"it's ≥ 20%\"", "\"it's ≥ 20%\"");
}

#[test]
fn spans_are_exact() {
    let ast = parsed("(a + b) * min( c )").expect("parses");
    let AstKind::Arithmetic(_, left, right) = ast.kind else { panic!("{ast:?}") };
    assert_eq!((ast.span.start, ast.span.end), (0, 18));
    assert_eq!((left.span.start, left.span.end), (0, 7));
    assert_eq!((right.span.start, right.span.end), (10, 18));
}

#[test]
fn says_what_to_write_instead() {
    refuses("spend >= ⟦1,000⟧", Code::ThousandsComma, "write `1000`");
    refuses("spend >= ⟦1,000,000.50⟧ && a", Code::ThousandsComma, "write `1000000.50`");
    refuses("spend >= ⟦12,5⟧", Code::ThousandsComma, "write `12.5`");
    refuses("between(spend, ⟦1,000⟧, 2)", Code::ThousandsComma, "write `1000`");
    refuses("returned < ⟦20%⟧", Code::PercentSign, "write `20`");
    refuses("(returned < ⟦20%⟧)", Code::PercentSign, "write `20`");
    refuses("⟦20%⟧ > returned", Code::PercentSign, "write `20`");
    refuses("a < ⟦20%⟧ && b", Code::PercentSign, "write `20`");
    refuses("a < ⟦20%⟧ - b", Code::PercentSign, "write `20`");
    refuses("a < ⟦20%⟧ and b", Code::PercentSign, "write `20`");
    refuses("tier ⟦=⟧ 5", Code::SingleEquals, "write `==`");
    refuses("a > 1 ⟦and⟧ b > 2", Code::WordOperator, "write `&&`");
    refuses("a > 1 ⟦OR⟧ b > 2", Code::WordOperator, "write `||`");
    refuses("⟦not⟧ a", Code::WordOperator, "write `!`");
    refuses("⟦not⟧(a)", Code::WordOperator, "write `!`");
    refuses("a ⟦not in⟧ b", Code::WordOperator, "write `!in`");
    refuses("a ⟦≥⟧ 5", Code::UnicodeOperator, "write `>=`");
    refuses("a ⟦≠⟧ 5", Code::UnicodeOperator, "write `!=`");
    refuses("a ⟦×⟧ 5", Code::UnicodeOperator, "write `*`");
    refuses("a > ⟦−⟧5", Code::UnicodeOperator, "write `-`");
    refuses("a == ⟦“vip”⟧", Code::TypographicQuotes, "write `\"vip\"`");
    refuses("a == \"vip⟦”⟧", Code::TypographicQuotes, "write `\"`");
    refuses("a == ⟦'vip'⟧", Code::SingleQuotes, "write `\"vip\"`");
    refuses("a >= ⟦۱۰۰۰⟧", Code::ForeignDigits, "write `1000`");
    refuses("a >= ⟦١٢٫٥⟧", Code::ForeignDigits, "write `12.5`");
    refuses("a >= ⟦๑๐⟧ && b", Code::ForeignDigits, "write `10`");
    refuses("⟦müşteri⟧ > 5", Code::InvalidName, "a to z");
    refuses("a ⟦=>⟧ 5", Code::ExpressionSyntax, "write `>=`");
    refuses("a ⟦=<⟧ 5", Code::ExpressionSyntax, "write `<=`");
    refuses("a ⟦<>⟧ 5", Code::ExpressionSyntax, "write `!=`");
    refuses("a ⟦===⟧ 5", Code::ExpressionSyntax, "write `==`");
    refuses("a ⟦&⟧ b", Code::ExpressionSyntax, "write `&&`");
    refuses("a ⟦|⟧ b", Code::ExpressionSyntax, "write `||`");
    refuses("a ⟦!⟧ b", Code::ExpressionSyntax, "!=");
    refuses("a > ⟦.⟧5", Code::ExpressionSyntax, "write `0.5`");
    refuses("a > ⟦1e3⟧", Code::ExpressionSyntax, "write `1000`");
}

#[test]
fn ends_point_at_the_last_character() {
    refuses("(a > ⟦5⟧  ", Code::UnbalancedParentheses, "close it with `)`");
    refuses("a > 5⟦)⟧", Code::UnbalancedParentheses, "");
    refuses("a ⟦>⟧ ", Code::ExpressionSyntax, "");
    refuses("a > 5 ⟦&⟧", Code::ExpressionSyntax, "");
    refuses("a == \"vi⟦p⟧ ", Code::ExpressionSyntax, "close it");
    refuses("[1, ⟦2⟧", Code::ExpressionSyntax, "close it with `]`");
    refuses("if a { 1 ⟦}⟧", Code::ExpressionSyntax, "else");
    refuses("min(a, ⟦b⟧", Code::UnbalancedParentheses, "close it with `)`");
}

#[test]
fn refuses_the_rest_of_rhai() {
    for text in [
        "let x = 1",
        "a; b",
        "#{a: 1}",
        "|x| x",
        "`a`",
        "a ** 2",
        "a ?? b",
        "a += 1",
        "a[0]",
        "a.len()",
        "\"a\".len()",
        "{ 1 }",
        "a ? b : c",
        "1..2",
        "0x10",
        "a b",
        "a 5",
        "a::b",
        "a::b::c()",
        "switch a { 1 => 2 }",
        "",
        "  ",
        "a /* b",
        "\"a\nb\"",
        "\"\\q\"",
        "+\"a\"",
        "99999999999999999999999999999999",
        "a,b",
        "in a",
        "()",
        "a.",
    ] {
        let finding = parsed(text).expect_err(text);
        assert!(matches!(finding.code, Code::ExpressionSyntax), "{text}: {finding:?}");
    }
}

#[test]
fn has_limits() {
    let nested = |levels: usize| format!("{}a{}", "(".repeat(levels), ")".repeat(levels));
    assert!(parsed(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(parsed(&nested(MAX_DEPTH + 1)).map_err(|f| f.code), Err(Code::ExpressionSyntax));
    assert!(parsed(&"-".repeat(1000)).is_err());
    assert!(parsed(&vec!["a"; MAX_OPERATORS + 1].join(" + ")).is_ok());
    assert!(parsed(&vec!["a"; MAX_OPERATORS + 2].join(" + ")).is_err());
    assert!(parsed(&" ".repeat(MAX_LENGTH + 1)).is_err());
    assert!(parsed(&"!".repeat(MAX_LENGTH)).is_err());
}
