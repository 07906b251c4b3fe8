//go:build !linux

package loadgen

import "errors"

const hasFastPoll = false

// There is no fast poll here: the portable one is used.
type (
	fastPoll struct{}
	fastWire struct{}
)

func newFastPoll(bool) (*fastPoll, error) { return nil, errors.New("no fast poll on this platform") }

func (*fastWire) reset()                            {}
func (*fastPoll) wait(*loop, int64)                 {}
func (*fastPoll) connect(*loop, *conn)              {}
func (*fastPoll) arrived(*loop, *conn, int64) int64 { return 0 }
func (*fastPoll) write(*conn, []byte) error         { return nil }
func (*fastPoll) shut(*conn)                        {}
func (*fastPoll) wake()                             {}
func (*fastPoll) close()                            {}
