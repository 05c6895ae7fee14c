package zendesk

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"time"
)

// Attachment is a file on a comment.
type Attachment struct {
	ID          int64  `json:"id"`
	FileName    string `json:"file_name"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	// ContentURL may lead to a foreign host: never send credentials there.
	ContentURL string `json:"content_url"`
	Inline     bool   `json:"inline"`
	// Malware is the scan's result, for example "malware_not_found"; may be empty.
	Malware string `json:"malware_scan_result"`
}

// Comment is a ticket comment.
type Comment struct {
	ID          int64        `json:"id"`
	Type        string       `json:"type"`
	AuthorID    int64        `json:"author_id"`
	Body        string       `json:"body"`
	HTMLBody    string       `json:"html_body"`
	PlainBody   string       `json:"plain_body"`
	Public      bool         `json:"public"`
	AuditID     int64        `json:"audit_id"`
	Attachments []Attachment `json:"attachments"`
	Via         Via          `json:"via"`
	Metadata    Metadata     `json:"metadata"`
	CreatedAt   time.Time    `json:"created_at"`
}

// commentPage is one page of a ticket's comments with their authors.
type commentPage struct {
	pageMeta
	Comments []Comment `json:"comments"`
	Users    []User    `json:"users"`
}

// CommentsAfter returns a ticket's comments that came after the one with the given id (0 for all), the oldest first, and the
// users they name, by id. It reads pages from the newest back, so its cost grows with what is new only. Ids grow with time;
// within one second Zendesk may list them in any order.
// Source: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/#list-comments.
func (c *Client) CommentsAfter(
	ctx context.Context, ticketID, afterCommentID int64,
) ([]Comment, map[int64]User, error) {
	var (
		comments []Comment
		users    = make(map[int64]User)
		seenAt   time.Time // when the newest comment that is not new was written
	)
	visit := func(p commentPage) bool {
		for _, u := range p.Users {
			users[u.ID] = u
		}
		for _, comment := range p.Comments {
			if comment.ID > afterCommentID {
				comments = append(comments, comment)
			} else if seenAt.IsZero() {
				seenAt = comment.CreatedAt
			}
		}
		// Only a page that ends before that second can have nothing new behind it.
		last := len(p.Comments) - 1
		return seenAt.IsZero() || last < 0 || !p.Comments[last].CreatedAt.Before(seenAt)
	}
	q := url.Values{"sort": {"-created_at"}, "include": {"users"}}
	if err := eachPage(ctx, c, "list comments", ticketPath(ticketID)+"/comments", q, visit); err != nil {
		return nil, nil, err
	}
	slices.SortFunc(comments, func(a, b Comment) int { return cmp.Compare(a.ID, b.ID) })
	return comments, users, nil
}
