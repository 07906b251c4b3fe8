package orchestrator

import "context"

// actor is the context key of WithActor.
type actor struct{}

// WithActor returns a context whose actions are attributed to by instead of the host of the orchestrator.
func WithActor(ctx context.Context, by string) context.Context {
	return context.WithValue(ctx, actor{}, by)
}

// by returns the name under which an action is recorded.
func (o *Orchestrator) by(ctx context.Context) string {
	if by, ok := ctx.Value(actor{}).(string); ok && by != "" {
		return by
	}
	return o.config.By
}
