package shop

import (
	"crypto/rand"
	"encoding/hex"
	"hash/maphash"
	"slices"
	"sync"
	"time"
)

const (
	lifetime    = 30 * time.Minute // of a session, from its login
	maxSessions = 1 << 20          // further logins are refused
	maxForms    = 16               // number of valid CSRF tokens of a session: the newest ones
	shards      = 16
	idLength    = 32 // of a session ID; the token starts with it
)

// session is one login. Its mutex guards the fields that change.
type session struct {
	id, token, user string
	ends            time.Time

	mu      sync.Mutex
	forms   []string    // unused CSRF tokens
	fetched bool        // a form was fetched
	cart    map[int]int // quantity by item
	order   string      // ID of the last order
}

// sessions holds the active sessions, in shards to reduce lock contention.
type sessions struct {
	seed   maphash.Seed
	limit  int // maximum number of sessions
	shards [shards]struct {
		mu      sync.Mutex
		byID    map[string]*session
		inOrder []*session // by expiry, since all sessions have the same lifetime
	}
}

func newSessions(limit int) *sessions {
	s := &sessions{seed: maphash.MakeSeed(), limit: limit}
	for i := range s.shards {
		s.shards[i].byID = map[string]*session{}
	}
	return s
}

// open starts a session. It returns false if there are too many.
func (s *sessions) open(user string) (*session, bool) {
	now := time.Now()
	id := randomID()
	n := &session{id: id, token: id + "." + randomID(), user: user, ends: now.Add(lifetime), cart: map[int]int{}}
	shard := &s.shards[s.shardOf(id)]
	shard.mu.Lock()
	defer shard.mu.Unlock()
	for len(shard.inOrder) > 0 && now.After(shard.inOrder[0].ends) {
		delete(shard.byID, shard.inOrder[0].id)
		shard.inOrder[0] = nil
		shard.inOrder = shard.inOrder[1:]
	}
	if len(shard.inOrder) >= s.limit/shards {
		return nil, false
	}
	shard.byID[id] = n
	shard.inOrder = append(shard.inOrder, n)
	return n, true
}

// byID returns the session with an ID, or nil.
func (s *sessions) byID(id string) *session {
	shard := &s.shards[s.shardOf(id)]
	shard.mu.Lock()
	defer shard.mu.Unlock()
	if found := shard.byID[id]; found != nil && time.Now().Before(found.ends) {
		return found
	}
	return nil
}

// byToken returns the session with a token, or nil.
func (s *sessions) byToken(token string) *session {
	if len(token) < idLength {
		return nil
	}
	if found := s.byID(token[:idLength]); found != nil && found.token == token {
		return found
	}
	return nil
}

// end ends a session. It counts against the limit until its lifetime is over.
func (s *sessions) end(n *session) {
	shard := &s.shards[s.shardOf(n.id)]
	shard.mu.Lock()
	defer shard.mu.Unlock()
	delete(shard.byID, n.id)
}

func (s *sessions) shardOf(id string) uint64 { return maphash.String(s.seed, id) % shards }

// newForm issues a CSRF token.
func (n *session) newForm() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.forms) == maxForms {
		n.forms = slices.Delete(n.forms, 0, 1)
	}
	form := randomID()
	n.forms, n.fetched = append(n.forms, form), true
	return form
}

// useForm consumes a CSRF token.
func (n *session) useForm(csrf string) (valid, everFetched bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	i := slices.Index(n.forms, csrf)
	if i >= 0 {
		n.forms = slices.Delete(n.forms, i, i+1)
	}
	return i >= 0, n.fetched
}

func randomID() string {
	var b [idLength / 2]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
