//go:build !linux

package engine

import "errors"

const hasEpoll = false

// epoll does not exist here: Run uses netpoll.
type (
	epoll     struct{}
	epollConn struct{}
)

func newEpoll(bool) (*epoll, error) { return nil, errors.New("epoll exists on Linux only") }

func (*epollConn) reset()                        {}
func (*epoll) wait(*loop, int64)                 {}
func (*epoll) connect(*loop, *conn)              {}
func (*epoll) arrived(*loop, *conn, int64) int64 { return 0 }
func (*epoll) write(*conn, []byte) error         { return nil }
func (*epoll) shut(*conn)                        {}
func (*epoll) wake()                             {}
func (*epoll) close()                            {}
