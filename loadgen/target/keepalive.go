package target

import (
	"context"
	"net"
	"sync/atomic"
)

type requestCount struct{}

// withRequestCount is a [http.Server]'s ConnContext: it gives each connection a count of its requests.
func withRequestCount(ctx context.Context, _ net.Conn) context.Context {
	return context.WithValue(ctx, requestCount{}, new(atomic.Int64))
}

// lastOfConnection is the illness of a target that closes connections after a number of requests, as proxies with a small
// keep-alive limit do. It counts a request, and reports whether its response is to be the last of its connection; over
// HTTP/2, where requests overlap, some more may follow. Zero: never.
func lastOfConnection(ctx context.Context, every int) bool {
	if every == 0 {
		return false
	}
	n, ok := ctx.Value(requestCount{}).(*atomic.Int64)
	return ok && n.Add(1) >= int64(every)
}
