"""Changes texts: each is proved, many are written at once or not at all, and all can be taken back.

Which module has what: `rewrite` makes new bytes of a file from fixes, by way of `source_text` and `syntax`
(what is where), `steps` and `plan` (what is to change), `imports`, `merging`, `placing`, `removal` and
`names` (how), and `proof` with `proved_blocks` (whether nothing else does). `fixer` does that for files of a
project.

`transaction` writes, with `journal`, `journal_lines`, `disk` and `lock` below it; `migration` goes in
batches, with `verify` and `commits`; `history` takes back; `targets` and `owners` know what a
migration is about. `restore`, `judging` and `last_good` find earlier texts of broken files.
"""
