package access

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"

	"landfall/node"
)

// role is what a caller may do: a viewer reads, an operator also controls runs and drivers.
type role string

const (
	viewer   role = "viewer"
	operator role = "operator"
)

// caller is the owner of a token.
type caller struct {
	name string
	role role
}

type token struct {
	caller
	sum [sha256.Size]byte
}

// tokens holds the tokens of a file, which is read again when it changes. If the file becomes invalid, the previous tokens stay
// valid, and a warning is logged.
type tokens struct {
	path     string
	failures failureLog

	mu    sync.Mutex
	stamp string
	list  []token
}

// MakeTokens writes a file with a random token of an operator. If the file exists, it is not changed and token is "".
func MakeTokens(path string) (token string, err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("make the tokens: %w", err)
	}
	token = rand.Text()
	_, err = fmt.Fprintf(f, "operator %s %s\n", operator, token)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("make the tokens: %w", err), os.Remove(path))
	}
	return token, nil
}

func readTokens(path string, log *slog.Logger) (*tokens, error) {
	t := &tokens{path: path, failures: failureLog{log: log, what: "the token file cannot be used; the previous tokens stay valid"}}
	return t, t.refresh()
}

func (t *tokens) refresh() error {
	stamp, err := stampOf(t.path)
	if err != nil {
		return fmt.Errorf("read the tokens: %w", err)
	}
	if stamp == t.stamp {
		return nil
	}
	text, err := os.ReadFile(t.path)
	if err != nil {
		return fmt.Errorf("read the tokens: %w", err)
	}
	list, err := parseTokens(text)
	if err != nil {
		return fmt.Errorf("%s: %w", t.path, err)
	}
	t.list, t.stamp = list, stamp
	return nil
}

// parseTokens parses lines of name, role and token; it skips empty lines and those that start with #.
func parseTokens(text []byte) (list []token, err error) {
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		words := strings.Fields(lines.Text())
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if len(words) != 3 {
			return nil, fmt.Errorf("line %d: must be a name, a role and a token", n)
		}
		r := role(words[1])
		if r != viewer && r != operator {
			return nil, fmt.Errorf("line %d: role %q: must be viewer or operator", n, words[1])
		}
		if len(words[2]) < 16 {
			return nil, fmt.Errorf("line %d: the token must have at least 16 characters", n)
		}
		list = append(list, token{caller{node.Clean(words[0], 64), r}, sha256.Sum256([]byte(words[2]))})
	}
	if len(list) == 0 && lines.Err() == nil {
		return nil, fmt.Errorf("holds no token")
	}
	return list, lines.Err()
}

// find returns the owner of a token, in constant time.
func (t *tokens) find(text string) (found caller, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failures.record(t.refresh())
	sum := sha256.Sum256([]byte(text))
	for _, k := range t.list {
		if subtle.ConstantTimeCompare(sum[:], k.sum[:]) == 1 {
			found, ok = k.caller, true
		}
	}
	return found, ok
}
