"""Old findings that are carried until they are gone: what is stored of them, and how findings match it.

Which module has what: `entries` and `shards` the form of what is stored, `folder` and `batches` the files,
`matching` which entry stands for which finding, `renames` which files were renamed, `carry` what that means
for a run, `changes` the three ways in which the baseline changes, `explain` why a finding is carried or not.
"""
