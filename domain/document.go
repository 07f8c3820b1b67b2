package domain

// Document is a record in the form in which `find` and the mirror show it.
type Document []Field

// Field is one field of a document. Value is a string, an int64, a time.Time (a BSON
// date), a Document or nil.
type Field struct {
	Name  string
	Value any
}

// DocRef names a document of a collection.
type DocRef struct {
	Collection string
	ID         string // its _id
}

// String renders the reference as collection/_id.
func (d DocRef) String() string { return d.Collection + "/" + d.ID }
