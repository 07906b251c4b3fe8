//go:build !linux

package target

import (
	"context"
	"time"
)

// pause waits. It returns false if ctx is canceled first.
func pause(ctx context.Context, wait time.Duration) bool { return rest(ctx, wait) }
