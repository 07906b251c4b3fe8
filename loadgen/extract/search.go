package extract

// Each calls found with every value (raw JSON) that the path selects in data, in order, until found returns false. In malformed
// JSON, nothing after the first error is selected. The only error is [ErrWork].
func (p *Path) Each(data []byte, found func(raw []byte) bool) error {
	s := &search{data: data, found: found, budget: maxPasses*len(data) + 1024}
	s.visit(skipBlanks(data, 0), p.segments, 0)
	return s.err
}

// search is the state of one search in a body.
type search struct {
	data    []byte
	found   func([]byte) bool
	budget  int // bytes that may still be scanned
	stopped bool
	err     error
}

// visit applies segments to the value at from.
func (s *search) visit(from int, segments []segment, depth int) {
	if s.stopped || from >= len(s.data) {
		return
	}
	if len(segments) == 0 {
		if to := s.end(from); to >= 0 && !s.stopped {
			s.stopped = !s.found(s.data[from:to])
		}
		return
	}
	g := &segments[0]
	if c := s.data[from]; c != '{' && c != '[' || depth > maxDepth {
		return
	}
	want := g.index
	if g.kind == byIndex && want < 0 && s.data[from] == '[' {
		want += s.length(from)
	}
	s.children(from, func(key []byte, n, at int) {
		if g.selects(key, n, want) {
			s.visit(at, segments[1:], depth+1)
		}
		if g.deep {
			s.visit(at, segments, depth+1)
		}
	})
}

// selects reports whether a segment selects a child. key is nil for an element of an array.
func (g *segment) selects(key []byte, n, want int) bool {
	switch g.kind {
	case everything:
		return true
	case byIndex:
		return key == nil && n == want
	}
	return key != nil && equalKey(key, g.name)
}

// equalKey compares a key in quotes with a name.
func equalKey(key []byte, name string) bool {
	inner := key[1 : len(key)-1]
	if string(inner) == name {
		return true
	}
	for _, c := range inner {
		if c == '\\' {
			return Text(key) == name
		}
	}
	return false
}

func (s *search) length(from int) (n int) {
	s.children(from, func([]byte, int, int) { n++ })
	return n
}

// children calls f with each child of the object or array at from: its quoted key (nil in an array), its index, and
// its position.
func (s *search) children(from int, f func(key []byte, n, at int)) {
	i, object := skipBlanks(s.data, from+1), s.data[from] == '{'
	for n := 0; i < len(s.data) && s.data[i] != '}' && s.data[i] != ']' && s.spend(1); n++ {
		var key []byte
		if object {
			end := endOfString(s.data, i)
			if end < 0 {
				return
			}
			key = s.data[i:end]
			if i = skipBlanks(s.data, end); i >= len(s.data) || s.data[i] != ':' {
				return
			}
			i = skipBlanks(s.data, i+1)
		}
		if f(key, n, i); s.stopped {
			return
		}
		end := s.end(i)
		if end < 0 {
			return
		}
		if i = skipBlanks(s.data, end); i < len(s.data) && s.data[i] == ',' {
			i = skipBlanks(s.data, i+1)
		}
	}
}

// end returns the end of the value at i, or -1 without one. It counts the bytes against the budget.
func (s *search) end(i int) int {
	end := endOfValue(s.data, i)
	if end < 0 { // the rest of the body was scanned
		s.spend(len(s.data) - i)
		return end
	}
	s.spend(end - i)
	return end
}

// spend counts work against the budget and reports whether to continue.
func (s *search) spend(n int) bool {
	if s.budget -= n; s.budget < 0 && !s.stopped {
		s.stopped, s.err = true, ErrWork
	}
	return !s.stopped
}

// endOfValue scans one value without recursion, so that any depth of nesting is safe.
func endOfValue(b []byte, i int) int {
	if i >= len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		return endOfString(b, i)
	case '{', '[':
		return endOfNested(b, i)
	case '}', ']', ',', ':':
		return -1
	}
	start := i
	for i < len(b) && b[i] > ' ' && b[i] != ',' && b[i] != '}' && b[i] != ']' && b[i] != ':' && b[i] != '"' {
		i++
	}
	if i == start {
		return -1
	}
	return i
}

func endOfNested(b []byte, i int) int {
	for depth := 0; i < len(b); {
		switch b[i] {
		case '"':
			if i = endOfString(b, i); i < 0 {
				return -1
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return -1
}

// endOfString returns the position after the closing quote of the string at i; -1: not a string, or not terminated.
func endOfString(b []byte, i int) int {
	if i >= len(b) || b[i] != '"' {
		return -1
	}
	for i++; i < len(b); i++ {
		switch b[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return -1
}

func skipBlanks(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}
