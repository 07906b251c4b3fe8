package orchestrator

import "context"

// actor is the key of the name in a context that As makes.
type actor struct{}

// As lets what is done with ctx be recorded as done by somebody else than the host of the orchestrator.
func As(ctx context.Context, by string) context.Context { return context.WithValue(ctx, actor{}, by) }

// by is who acts, for the record.
func (o *Orchestrator) by(ctx context.Context) string {
	if by, ok := ctx.Value(actor{}).(string); ok && by != "" {
		return by
	}
	return o.config.By
}
