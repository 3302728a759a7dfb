common-yes = yes
common-no = no
