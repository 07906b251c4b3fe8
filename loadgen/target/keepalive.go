package target

import (
	"context"
	"net"
	"sync/atomic"
)

type requestCount struct{}

// withRequestCount is the ConnContext of the [http.Server]. It adds a request counter to each connection.
func withRequestCount(ctx context.Context, _ net.Conn) context.Context {
	return context.WithValue(ctx, requestCount{}, new(atomic.Int64))
}

// lastOfConnection is the fault of a target that closes connections after a number of requests, like a proxy with a small keep-alive
// limit. It counts a request and reports whether its response should be the last one of its connection. Over HTTP/2, a few more may
// follow, since requests overlap. If every is 0, it returns false.
func lastOfConnection(ctx context.Context, every int) bool {
	if every == 0 {
		return false
	}
	n, ok := ctx.Value(requestCount{}).(*atomic.Int64)
	return ok && n.Add(1) >= int64(every)
}
