// Package expr compiles the conditions of scenarios once and evaluates them without parsing, for example
//
//	price < 100 and status == 200
//	name contains "landfall" or not (header("X-Cache") matches "^HIT")
//
// Strings that are numbers compare as numbers. Durations such as 250ms count in milliseconds, as latency
// does. Regular expressions are RE2.
package expr

import (
	"fmt"
	"regexp"
	"strings"
)

// Limits of an expression.
const (
	maxLength = 4096
	maxNested = 64
)

// Scope holds the values that an expression can refer to.
type Scope struct {
	Variables []string // indexed by place; see [Compile]
	Status    int      // of the last response
	LatencyMS float64
	Header    func(name string) string // of the last response; nil: there is none
	Body      []byte                   // of the last response, as far as it was kept
}

// Expr is a compiled expression. It is safe for concurrent use.
type Expr struct {
	eval eval
	uses Uses
}

// Uses lists the parts of a response that an expression refers to.
type Uses struct{ Response, Head, Body bool }

type eval func(*Scope) Value

// Compile compiles an expression. variable returns the index of a variable in [Scope.Variables].
func Compile(text string, variable func(name string) (place int, err error)) (*Expr, error) {
	if len(text) > maxLength {
		return nil, fmt.Errorf("must be at most %d bytes", maxLength)
	}
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens, variable: variable}
	e, err := p.binary(0)
	if err == nil && p.peek().kind != tokenEnd {
		err = p.unexpected()
	}
	if err != nil {
		return nil, err
	}
	return &Expr{e, p.uses}, nil
}

// True evaluates the expression as a condition.
func (e *Expr) True(s *Scope) bool { return e.eval(s).True() }

// Value evaluates the expression.
func (e *Expr) Value(s *Scope) Value { return e.eval(s) }

// Uses returns the parts of a response that the expression refers to.
func (e *Expr) Uses() Uses { return e.uses }

type parser struct {
	tokens   []token
	at       int
	depth    int
	variable func(string) (int, error)
	uses     Uses
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != tokenEnd {
		p.at++
	}
	return t
}

// accept consumes the next token if it is the given operator or word.
func (p *parser) accept(text string) bool {
	t := p.peek()
	if (t.kind == tokenOperator || t.kind == tokenName) && t.text == text {
		p.at++
		return true
	}
	return false
}

func (p *parser) unexpected() error {
	switch t := p.peek(); t.kind {
	case tokenEnd:
		return fmt.Errorf("unexpected end of the expression")
	case tokenNumber:
		return fmt.Errorf("unexpected number at byte %d", t.at+1)
	default:
		return fmt.Errorf("unexpected %q at byte %d", t.text, t.at+1)
	}
}

// levels lists the binary operators by increasing precedence.
var levels = [][]string{
	{"||", "or"}, {"&&", "and"},
	{"==", "!=", "<=", ">=", "<", ">", "contains", "startsWith", "endsWith", "matches"},
	{"+", "-"}, {"*", "/", "%"},
}

func (p *parser) binary(level int) (eval, error) {
	if level == len(levels) {
		return p.unary()
	}
	left, err := p.binary(level + 1)
	for err == nil {
		op := p.oneOf(levels[level])
		if op == "" {
			return left, nil
		}
		start := p.peek()
		var right eval
		if right, err = p.binary(level + 1); err == nil {
			left, err = p.join(op, left, right, start)
		}
	}
	return nil, err
}

func (p *parser) oneOf(list []string) string {
	for _, op := range list {
		if p.accept(op) {
			return op
		}
	}
	return ""
}

func (p *parser) join(op string, a, b eval, right token) (eval, error) {
	switch op {
	case "||", "or":
		return func(s *Scope) Value { return truth(a(s).True() || b(s).True()) }, nil
	case "&&", "and":
		return func(s *Scope) Value { return truth(a(s).True() && b(s).True()) }, nil
	case "==":
		return func(s *Scope) Value { return truth(compare(a(s), b(s)) == 0) }, nil
	case "!=":
		return func(s *Scope) Value { return truth(compare(a(s), b(s)) != 0) }, nil
	case "<":
		return func(s *Scope) Value { return truth(compare(a(s), b(s)) < 0) }, nil
	case "<=":
		return func(s *Scope) Value { return truth(compare(a(s), b(s)) <= 0) }, nil
	case ">":
		return func(s *Scope) Value { return truth(compare(a(s), b(s)) > 0) }, nil
	case ">=":
		return func(s *Scope) Value { return truth(compare(a(s), b(s)) >= 0) }, nil
	case "contains":
		return func(s *Scope) Value { return truth(strings.Contains(a(s).Text(), b(s).Text())) }, nil
	case "startsWith":
		return func(s *Scope) Value { return truth(strings.HasPrefix(a(s).Text(), b(s).Text())) }, nil
	case "endsWith":
		return func(s *Scope) Value { return truth(strings.HasSuffix(a(s).Text(), b(s).Text())) }, nil
	case "matches":
		return matches(a, right)
	}
	return func(s *Scope) Value { return arithmetic(op, a(s), b(s)) }, nil
}

// matches compiles the regular expression once, so it must be a literal.
func matches(a eval, right token) (eval, error) {
	if right.kind != tokenText {
		return nil, fmt.Errorf("matches needs a regular expression in quotes")
	}
	re, err := regexp.Compile(right.text)
	if err != nil {
		return nil, fmt.Errorf("%w (regular expressions are RE2)", err)
	}
	return func(s *Scope) Value { return truth(re.MatchString(a(s).Text())) }, nil
}

func (p *parser) unary() (eval, error) {
	if p.depth++; p.depth > maxNested {
		return nil, fmt.Errorf("nested more than %d deep", maxNested)
	}
	defer func() { p.depth-- }()
	switch {
	case p.accept("!"), p.accept("not"):
		a, err := p.notOperand()
		return func(s *Scope) Value { return truth(!a(s).True()) }, err
	case p.accept("-"):
		a, err := p.unary()
		return func(s *Scope) Value { return arithmetic("-", Number(0), a(s)) }, err
	case p.accept("("):
		a, err := p.binary(0)
		if err == nil && !p.accept(")") {
			err = p.unexpected()
		}
		return a, err
	}
	return p.operand()
}

// notOperand parses the operand of "not", which is a comparison: not a == b means not (a == b).
func (p *parser) notOperand() (eval, error) { return p.binary(2) }

func (p *parser) operand() (eval, error) {
	switch t := p.peek(); t.kind {
	case tokenNumber:
		p.next()
		return func(*Scope) Value { return Number(t.number) }, nil
	case tokenText:
		p.next()
		return func(*Scope) Value { return String(t.text) }, nil
	case tokenName:
		p.next()
		return p.name(t)
	}
	return nil, p.unexpected()
}

// name parses a constant, a property of the last response, a function call or a variable.
func (p *parser) name(t token) (eval, error) {
	switch t.text {
	case "true", "false":
		v := truth(t.text == "true")
		return func(*Scope) Value { return v }, nil
	case "null":
		return func(*Scope) Value { return String("null") }, nil
	case "status":
		p.uses.Response = true
		return func(s *Scope) Value { return Number(float64(s.Status)) }, nil
	case "latency":
		p.uses.Response = true
		return func(s *Scope) Value { return Number(s.LatencyMS) }, nil
	case "body":
		p.uses.Response, p.uses.Body = true, true
		return func(s *Scope) Value { return String(string(s.Body)) }, nil
	case "header", "len":
		if p.accept("(") {
			return p.call(t.text)
		}
	}
	place, err := p.variable(t.text)
	if err != nil {
		return nil, err
	}
	return func(s *Scope) Value { return String(s.Variables[place]) }, nil
}

func (p *parser) call(name string) (eval, error) {
	a, err := p.binary(0)
	if err != nil {
		return nil, err
	}
	if !p.accept(")") {
		return nil, p.unexpected()
	}
	if name == "len" {
		return func(s *Scope) Value { return Number(float64(len(a(s).Text()))) }, nil
	}
	p.uses.Response, p.uses.Head = true, true
	return func(s *Scope) Value {
		if s.Header == nil {
			return String("")
		}
		return String(s.Header(a(s).Text()))
	}, nil
}
