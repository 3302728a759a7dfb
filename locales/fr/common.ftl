common-yes = oui
common-no = non
