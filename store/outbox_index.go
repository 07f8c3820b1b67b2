package store

import (
	"context"
	"errors"
	"time"
)

const (
	// indexEvery is how often the job looks whether rows of the outbox are to be entered.
	indexEvery = 250 * time.Millisecond
	// indexFull is how many make it work at once, and how many one transaction takes: everybody
	// else's writes wait for it.
	indexFull = 256
	// indexLate is how long fewer may wait: each time costs a commit.
	indexLate = 5 * time.Second
)

// outboxIndex enters which of the outbox's rows are whose (outbox_people), some time after
// they were written. A commit writes every page that it touched, and a row for each person
// would touch one more for each.
type outboxIndex struct {
	db   *DB
	quit context.CancelFunc
	gone chan struct{}
}

func startOutboxIndex(ctx context.Context, db *DB) *outboxIndex {
	ctx, quit := context.WithCancel(context.WithoutCancel(ctx))
	x := &outboxIndex{db: db, quit: quit, gone: make(chan struct{})}
	go x.run(ctx)
	return x
}

func (x *outboxIndex) close() {
	x.quit()
	<-x.gone
}

func (x *outboxIndex) run(ctx context.Context) {
	defer close(x.gone)
	tick := time.NewTicker(indexEvery)
	defer tick.Stop()
	upto := int64(-1) // what an earlier run of the program left is looked for once
	var waited time.Duration
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		newest := x.db.writer.newest.Load()
		if waited += indexEvery; newest == upto || newest-upto < indexFull && waited < indexLate {
			continue
		}
		if x.enter(ctx) == nil { // else as on a full disk: the next time comes, and readers see the rows anyhow
			upto = newest
		}
		waited = 0
	}
}

// enter takes all rows that wait, in small transactions.
func (x *outboxIndex) enter(ctx context.Context) error {
	for {
		n, err := x.db.indexOutbox(ctx, indexFull)
		if err != nil || n < indexFull {
			return err
		}
	}
}

// indexOutbox enters at most limit rows and returns how many it looked at.
func (db *DB) indexOutbox(ctx context.Context, limit int) (n int, err error) {
	err = db.Write(ctx, "index outbox", func(tx *Tx) error {
		var upto, last int64
		err := tx.QueryRow(`SELECT upto, n, COALESCE(last, upto) FROM outbox_state, (SELECT COUNT(*) AS n, MAX(seq) AS last FROM
			(SELECT seq FROM outbox WHERE seq > (SELECT upto FROM outbox_state) ORDER BY seq LIMIT ?))`, limit).Scan(&upto, &n, &last)
		if err != nil || n == 0 {
			return err
		}
		_, err = tx.Exec(`INSERT INTO outbox_people (user_id, seq) SELECT user_id, seq FROM outbox
			WHERE seq > ? AND seq <= ? AND event <> '' ORDER BY user_id, seq`, upto, last)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE outbox_state SET upto = ?`, last)
		return err
	})
	if errors.Is(err, context.Canceled) || errors.Is(err, ErrClosed) {
		err = ctx.Err()
	}
	return n, err
}
