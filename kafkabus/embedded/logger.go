package embedded

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/twmb/franz-go/pkg/kfake"
)

// logger forwards kfake's log.
type logger struct{ *slog.Logger }

var levels = map[kfake.LogLevel]slog.Level{
	kfake.LogLevelError: slog.LevelError,
	kfake.LogLevelWarn:  slog.LevelWarn,
	kfake.LogLevelInfo:  slog.LevelDebug, // kfake logs every connection at this level
	kfake.LogLevelDebug: slog.LevelDebug,
}

func (l logger) Logf(level kfake.LogLevel, format string, args ...any) {
	ctx := context.Background()
	if to, ok := levels[level]; ok && l.Enabled(ctx, to) {
		l.Log(ctx, to, fmt.Sprintf(format, args...))
	}
}
