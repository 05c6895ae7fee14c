package bridge

import (
	"context"
	"fmt"
	"strings"
)

// revive gives back the installation's own jobs that an older version has halted during an upgrade, because it does not know them.
func (e *Engine) revive(ctx context.Context) error {
	halted, err := e.Mailboxes.Halted(ctx)
	if err != nil {
		return fmt.Errorf("halted jobs: %w", err)
	}
	for _, h := range halted {
		if kindOf(h.Key) != kindSystem || !strings.HasSuffix(h.Reason, errUnknownMailbox.Error()) {
			continue
		}
		if _, err := e.Mailboxes.Resume(ctx, h.Key); err != nil {
			return fmt.Errorf("halted jobs: %w", err)
		}
		e.Logger.InfoContext(ctx, "job goes on that an older version did not know")
	}
	return nil
}
